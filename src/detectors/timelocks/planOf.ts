import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Interest } from '../../model/detector.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { unfoldCalls } from '../calls/unfoldCalls.ts'
import { executionTopics, scheduleOf, type TimelockExecution, timelockExecutions } from './timelockExecutions.ts'

type View = Pick<Observation, 'block'>
type Names = ReadonlyMap<string, Contract>

/** Those that the config knows, whose logs must be listened for. */
export const timelocksOf = (names: Names): Address[] =>
  [...names.values()].filter(({ kind }) => kind === 'timelock').map(({ address }) => address)

/** What a detector must hear of, which asks whether something had been announced. */
export function planInterests(names: Names): Interest[] {
  const timelocks = timelocksOf(names)
  return timelocks.length > 0 ? [{ kind: 'log', addresses: timelocks, topics: executionTopics }] : []
}

/** Of one block. */
const [executionsMax, plannedMax] = [16, 64]

/** `owner()`. */
const owner = '0x8da5cb5b'
const ownerRead = (to: Address): Read => ({ at: 'parent', kind: 'call', to, data: owner })

/** A call that a timelock made and that is about one of the contracts: to it, or naming it. */
type Planned = { plan: TimelockExecution; at: Address; data: string }

/** What timelocks say they executed in a block at some contracts. */
function executionsAt(holders: ReadonlySet<Address>, { block }: View): Planned[] {
  const logs = block.receipts?.flatMap((receipt) => receipt.logs) ?? []
  const calls = timelockExecutions(logs)
    .slice(0, executionsMax)
    .flatMap((plan) => unfoldCalls([plan.call]).calls.map(({ to, data }) => ({ plan, to, data })))
  return calls
    .flatMap(({ plan, to, data }) =>
      [...holders].filter((at) => to === at || data.includes(at.slice(2))).map((at) => ({ plan, at, data })),
    )
    .slice(0, plannedMax)
}

export function readsOfPlans(holders: ReadonlySet<Address>, view: View): Read[] {
  return executionsAt(holders, view).flatMap(({ plan, at }) => [plan.known, plan.delay, ownerRead(at)])
}

/**
 * The timelock that changed something of a contract as it had announced, by a call that is to the contract or names it,
 * and that names one of the values (hex); null: none that counts. Anybody can deploy a timelock: one counts that the config knows as one, or that
 * owned the contract.
 */
export function planOf(
  of: Address,
  values: readonly string[],
  { observation, names, holders }: { observation: Observation; names: Names; holders: ReadonlySet<Address> },
): Address | null {
  const digits = values.map((each) => each.slice(2))
  const found = executionsAt(holders, observation).find(({ plan, at, data }) => {
    if (at !== of || !digits.some((each) => data.includes(each))) return false
    if (!isTrusted(plan.timelock, at, { observation, names })) return false
    const schedule = scheduleOf(plan, observation)
    return schedule.state === 'scheduled' && schedule.delaySeconds > 0
  })
  return found?.plan.timelock ?? null
}

function isTrusted(
  timelock: Address,
  holder: Address,
  { observation, names }: { observation: Observation; names: Names },
): boolean {
  const named = [...names.values()].find(({ address }) => address === timelock)
  if (named && (named.role === 'protected' || named.kind === 'timelock')) return true
  const answer = observation.state(ownerRead(holder))
  return answer.ok && answer.data === `0x${'0'.repeat(24)}${timelock.slice(2)}`
}

import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { scheduleOf, type TimelockExecution, timelockExecutions } from '../../timelocks/timelockExecutions.ts'
import type { Link } from './links.ts'

type View = Pick<Observation, 'block'>
type Names = ReadonlyMap<string, Contract>

/** Of one block. */
const executionsMax = 16

/** `owner()`. */
const owner = '0x8da5cb5b'
const ownerRead = (to: Address): Read => ({ at: 'parent', kind: 'call', to, data: owner })

/** What timelocks say they executed in a block at contracts of which links are followed. */
function executionsAt(holders: ReadonlySet<Address>, { block }: View): { plan: TimelockExecution; at: Address }[] {
  const logs = block.receipts?.flatMap((receipt) => receipt.logs) ?? []
  return timelockExecutions(logs)
    .flatMap((plan) =>
      unfoldCalls([plan.call])
        .calls.filter(({ to }) => to !== null && holders.has(to))
        .map(({ to }) => ({ plan, at: to as Address })),
    )
    .slice(0, executionsMax)
}

export function readsOfPlans(holders: ReadonlySet<Address>, view: View): Read[] {
  return executionsAt(holders, view).flatMap(({ plan, at }) => [plan.known, plan.delay, ownerRead(at)])
}

/**
 * The timelock that changed a link as it had announced, by a call of the contract that names the new value; null: none
 * that counts. Anybody can deploy a timelock: one counts that the config knows as one, or that owned the contract.
 */
export function planOf(
  { of, what }: Pick<Link, 'of' | 'what'>,
  value: string,
  { observation, names, holders }: { observation: Observation; names: Names; holders: ReadonlySet<Address> },
): Address | null {
  const digits = value.split(' ').map((each) => each.slice(2))
  if (what === 'code') return null
  const plans = executionsAt(holders, observation).filter(({ plan, at }) => {
    if (at !== of.address || !isTrusted(plan.timelock, at, { observation, names })) return false
    const schedule = scheduleOf(plan, observation)
    return schedule.state === 'scheduled' && schedule.delaySeconds > 0
  })
  const found = plans.find(({ plan, at }) =>
    unfoldCalls([plan.call]).calls.some(({ to, data }) => to === at && digits.some((each) => data.includes(each))),
  )
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

import { keccak256, toHex } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { unfoldCalls } from '../../calls/unfoldCalls.ts'
import { managerExecutions } from '../../timelocks/managerExecutions.ts'
import { scheduleOf, type TimelockExecution, timelockExecutions } from '../../timelocks/timelockExecutions.ts'
import { isSet, type StateValues } from '../stateValues.ts'
import { mildened } from './mildened.ts'
import type { Told } from './tellings.ts'

/** Timelocks that the config names, and what is known of the contract before the block. */
export type Planning = { target: Contract; names: ReadonlyMap<string, Contract>; values: StateValues | undefined }

type View = Pick<Observation, 'block'>

/** Of one contract in one block. */
const executionsMax = 32

/** What timelocks and access managers say they executed in the transactions in which a contract told of a change. */
function executionsBeside(told: readonly Told[], { block }: View): TimelockExecution[] {
  const places = new Set(told.map(({ log }) => log.transactionIndex))
  const executions = [...places].flatMap((index) => {
    const logs = block.receipts?.[index]?.logs ?? []
    return [...timelockExecutions(logs), ...managerExecutions(block.transactions[index], logs)]
  })
  return executions.slice(0, executionsMax)
}

const question = (to: Address, data: Hex): Read => ({ kind: 'call', at: 'parent', to, data })
const ownerOf = (proxyAdmin: Address) => question(proxyAdmin, '0x8da5cb5b')
/** Roles whose holder rules a contract: the default administrator, and who may upgrade it. */
const rulingRoles: readonly Hex[] = [`0x${'0'.repeat(64)}`, keccak256(toHex('UPGRADER_ROLE'))]
const holds = (role: Hex, { address }: Contract, account: Address) =>
  question(address, `0x91d14854${role.slice(2)}${'0'.repeat(24)}${account.slice(2)}`)

/** What shows whether a change was executed by a timelock that may, and when it had been scheduled. */
export function readsOfPlans(planning: Planning, told: readonly Told[], view: View): Read[] {
  const executions = executionsBeside(told, view)
  return executions.flatMap((each) => [each.known, each.delay, ...trustReads(planning, each.timelock)])
}

function trustReads({ target, values }: Planning, timelock: Address): Read[] {
  return [
    ...(isSet(values?.proxyAdmin) ? [ownerOf(values.proxyAdmin)] : []),
    ...rulingRoles.map((role) => holds(role, target, timelock)),
  ]
}

/** Anybody can deploy a contract that says it is a timelock: one counts that ruled the contract before the block. */
function isTrusted(planning: Planning, timelock: Address, observation: Observation): boolean {
  const { target, names, values } = planning
  // Who rules itself by delays, as an access manager does.
  if (timelock === target.address) return true
  const named = [...names.values()].find(({ address }) => address === timelock)
  if (named && (named.role === 'protected' || named.kind === 'timelock')) return true
  if ([values?.owner, values?.admin, values?.proxyAdmin, values?.authority].includes(timelock)) return true
  const [asWord, yes] = [`0x${'0'.repeat(24)}${timelock.slice(2)}`, toHex(1n, { size: 32 })]
  return trustReads({ target, names, values }, timelock).some((read) => {
    const answer = observation.state(read)
    return answer.ok && (answer.data === asWord || answer.data === yes)
  })
}

/**
 * A change is planned if the call that a trusted timelock made names the contract and what was changed, and had been
 * scheduled before the block: the page came then. It is still told of. A change that only happens in the same
 * transaction is not.
 */
export function plannedBy(planning: Planning, told: readonly Told[], observation: Observation) {
  const plans = executionsBeside(told, observation).flatMap((execution) => {
    const schedule = scheduleOf(execution, observation)
    if (schedule.state !== 'scheduled' || schedule.delaySeconds === 0) return []
    if (!isTrusted(planning, execution.timelock, observation)) return []
    return [{ execution, schedule, datas: datasFor(planning.target, execution) }]
  })
  return (claim: Claim, { event, log, telling }: Told): Claim => {
    const upgrade = told.find((other) => other.event.kind === 'upgrade' && isBefore(other.log, log))
    const plan = plans.find(({ execution, datas }) => {
      if (!isWithin(log, execution)) return false
      // A new version that is initialized in the call that installs it names no value of its own.
      const binding = event.kind === 'initialize' ? upgrade?.telling : telling
      return binding !== undefined && namesChange(datas, binding.facts, execution.timelock)
    })
    if (!plan) return claim
    const { id, timelock, kind } = plan.execution
    const where = kind === 'manager' ? 'access manager' : 'timelock'
    const { readyAt, delaySeconds } = plan.schedule
    return mildened(claim, 'medium', {
      planned: `it had been scheduled in the ${where} ${timelock}, which asks for ${delaySeconds} s`,
      operation: id,
      ...(readyAt !== null && { readyAt: readyAt.toString() }),
    })
  }
}

const isBefore = (log: Told['log'], later: Told['log']) =>
  log.transactionIndex === later.transactionIndex && log.position < later.position

/** A timelock tells of a call after it has made it, a manager before. */
const isWithin = (log: Told['log'], { kind, log: own }: TimelockExecution) =>
  kind === 'manager' ? isBefore(own, log) : isBefore(log, own)

function datasFor({ address }: Contract, { call }: TimelockExecution): string[] {
  const digits = address.slice(2)
  return unfoldCalls([call]).calls.flatMap(({ to, data }) => (to === address || data.includes(digits) ? [data] : []))
}

/** All that the change is about must stand in the planned call. What the timelock itself gets it need not name. */
function namesChange(datas: readonly string[], facts: Record<string, Json>, timelock: Address): boolean {
  const cuts = Array.isArray(facts.cuts) ? facts.cuts : []
  const facets = cuts.map((cut) => (cut as { facet: Json }).facet)
  const own = [facts.new, facts.account, facts.role, facts.target, facts.selector, facts.delaySeconds]
  const values = [...own, ...facets].filter((value) => typeof value === 'string')
  const words = values.filter((value) => value !== timelock).map(digitsOf)
  return values.length > 0 && datas.some((data) => words.every((word) => data.includes(word)))
}

function digitsOf(value: string): string {
  return value.startsWith('0x') ? value.slice(2) : BigInt(value).toString(16).padStart(64, '0')
}

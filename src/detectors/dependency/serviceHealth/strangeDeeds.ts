import { endsOf, topicOf, zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { tokenSelectors } from '../../attack/selectors.ts'
import type { Deed } from './deedsIn.ts'
import { type Habits, isNewTask, ownTimes } from './habits.ts'
import type { ServiceHealthOptions } from './options.ts'
import { hear } from './saidValues.ts'

type Permits = Pick<ServiceHealthOptions, 'namedBy' | 'role'>

/** Somebody else did what only a service did, and not what all who hold a token may do with theirs. */
export function isIntrusion(habits: Habits, { task, failed, direct }: Deed): boolean {
  const known = habits.tasks[task]
  if (tokenSelectors.has(task as Hex)) return false
  return direct && !failed && known !== undefined && !known.shared && known.times >= ownTimes
}

/** What shows whether the contract itself lets somebody do the work: now, or before the block. */
export function permitReads({ address: to }: Contract, account: Address, { namedBy, role }: Permits): Read[] {
  const moments = ['block', 'parent'] as const
  const asked = `${'0'.repeat(24)}${account.slice(2)}`
  return moments.flatMap((at): Read[] => [
    ...(namedBy === undefined ? [] : [{ at, kind: 'call' as const, to, data: namedBy.toLowerCase() as Hex }]),
    ...(role === undefined
      ? []
      : [{ at, kind: 'call' as const, to, data: `0x91d14854${role.slice(2).toLowerCase()}${asked}` as Hex }]),
  ])
}

/** Null: nobody could tell. */
export function isPermitted(observation: Observation, target: Contract, account: Address, permits: Permits) {
  const answers = permitReads(target, account, permits).map((read) => observation.state(read))
  const yes = [`0x${'0'.repeat(24)}${account.slice(2)}`, `0x${'1'.padStart(64, '0')}`]
  if (answers.some((answer) => answer.ok && yes.includes(answer.data))) return true
  return answers.some((answer) => !answer.ok && !answer.reverted) ? null : false
}

export function claimIntrusion(
  deed: Deed,
  { target, who, show }: { target: Contract; who: string; show(address: Address): string },
): Claim {
  const { task, transaction } = deed
  const what = task === 'work' ? 'the work' : task
  return {
    key: `intruder ${target.address} ${task}`,
    transactionHash: transaction.hash,
    address: target.address,
    title: `${show(transaction.from)} did what only ${who} did before: ${what} of ${target.name}`,
    facts: { sender: transaction.from, service: who, task, calledContract: transaction.to },
    evidence: 'soft',
    confidence: 'medium',
    group: `service of ${target.address}`,
  }
}

/** After so many works that were all of the known kinds a new kind is strange; after so many it is grave. */
const settledWorks = { medium: 10, grave: 30 }

/** A service that for long did the same few things and now does another: null where that is not strange. */
export function claimNovelty(
  habits: Habits,
  deed: Deed,
  { target, who }: { target: Contract; who: string },
): Claim | null {
  if (!deed.direct || deed.failed || !isNewTask(habits, deed) || habits.settled < settledWorks.medium) return null
  const { task, transaction } = deed
  return {
    key: `novelty ${target.address} ${task}`,
    transactionHash: transaction.hash,
    address: target.address,
    title: `${who} called ${task} of ${target.name}, which it never did in ${habits.works.toLocaleString('en')} works`,
    facts: { sender: transaction.from, service: who, task, works: habits.works, known: Object.keys(habits.tasks) },
    evidence: 'soft',
    confidence: 'low',
    ...(habits.settled < settledWorks.grave && { severity: 'medium' as const }),
    group: `service of ${target.address}`,
  }
}

/**
 * Whether the contract paid just so much, or had so much made: how large a payment is, is no report, and is judged by what
 * the contract holds. Who calls it himself cannot add a log of his own.
 */
function isPayment(
  { transaction, input }: Deed,
  { address }: Contract,
  place: number,
  { block }: Observation,
): boolean {
  if (transaction.to !== address) return false
  const amount = `0x${input.slice(10 + 64 * place, 74 + 64 * place)}`
  const from = new Set<Hex>([topicOf(address), topicOf(zeroAddress)])
  const logs = block.receipts?.[transaction.index]?.logs ?? []
  return logs.some((log) => log.data === amount && from.has(endsOf(log)?.from ?? '0x'))
}

/** A service that says a number far from the last one, though it never did so: null where that is not so. */
export function claimLeap(
  habits: Habits,
  deed: Deed,
  { target, who, observation }: { target: Contract; who: string; observation: Observation },
): Claim | null {
  const { task, transaction, direct, failed, input } = deed
  const known = habits.tasks[task]
  const leap = direct && !failed && task !== 'work' && known ? hear(known.said, input).leap : null
  if (!leap) return null
  const [from, to] = [leap.from, leap.to].map((value) => Number(value.toPrecision(5)).toLocaleString('en'))
  return {
    key: `leap ${target.address} ${task}`,
    transactionHash: transaction.hash,
    address: target.address,
    title: `${who} told ${target.name} ${to} after ${from}, further than ever before (${task})`,
    facts: { sender: transaction.from, service: who, task, argument: leap.place + 1, before: `${from}`, now: `${to}` },
    evidence: 'soft',
    confidence: 'medium',
    ...((!leap.grave || isPayment(deed, target, leap.place, observation)) && { severity: 'medium' as const }),
    group: `service of ${target.address}`,
  }
}

import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { type Amount, readAmount } from '../../tokens/balances.ts'
import { nativeReads } from '../nativeFlow.ts'
import type { Flow } from './blockFlows.ts'
import { type Leg, sumOf } from './leg.ts'
import { takeOff } from './settleTransactions.ts'

const hasUnwrapped = ({ legs }: Flow) => legs.some(({ unwrapped }) => unwrapped)

export const readsOfUnwrapped = (flow: Flow): Read[] => (hasUnwrapped(flow) ? nativeReads(flow.account.address) : [])

/** Whether the balance tells the same story as the logs. */
export function isConfirmed(
  { legs }: Pick<Flow, 'legs'>,
  { before, after }: { before: Amount; after: Amount },
): boolean {
  if (before.amount === null || after.amount === null) return false
  return before.amount - after.amount >= sumOf(legs, 'out') - sumOf(legs, 'in')
}

/**
 * A flow without what was taken out of its wrapping and is still there as native coins, and without what was no token to
 * begin with: others have events of the same name, so that here the balance must bear out even a known token.
 */
export function judgeUnwrapped(flow: Flow, held: { before: Amount; after: Amount }, observation: Observation): Flow {
  if (!hasUnwrapped(flow)) return flow
  const told = flow.legs.filter(({ unwrapped }) => !unwrapped)
  const isUnknown = [held.before, held.after].some((amount) => amount.amount === null && amount.blind)
  if (!isUnknown && !isConfirmed(flow, held)) return { ...flow, legs: told }
  const [before, after] = nativeReads(flow.account.address).map((read) => readAmount(observation, read).amount)
  const kept = (after ?? 0n) - (before ?? 0n)
  const unwrapped: Leg[] = flow.legs.filter((leg) => leg.unwrapped).map((leg) => ({ ...leg }))
  if (kept > 0n) takeOff(unwrapped, 'out', kept)
  return { ...flow, legs: [...told, ...unwrapped].filter(({ amount }) => amount > 0n) }
}

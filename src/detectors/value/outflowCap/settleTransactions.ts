import type { Address } from '../../../model/chain.ts'
import { type Leg, sumOf } from './leg.ts'

/**
 * Takes off what came back within the same transaction: a flash loan that is repaid has never left. What its payer got
 * goes first, then what others got, in the order of the block.
 */
export function settleTransactions(legs: readonly Leg[]): Leg[] {
  const settled = legs.map((leg) => ({ ...leg }))
  for (const own of Map.groupBy(settled, ({ transactionHash }) => transactionHash).values()) {
    if (own.length > 1) settle(own)
  }
  return settled.filter(({ amount }) => amount > 0n)
}

/** Changes the legs; its work grows with their number only, since a single transaction can hold thousands. */
function settle(legs: Leg[]): void {
  const [out, into] = [sumOf(legs, 'out'), sumOf(legs, 'in')]
  const returned = out < into ? out : into
  const paidBy = new Map<Address | null, bigint>()
  for (const { way, other, amount } of legs) {
    if (way === 'in') paidBy.set(other, (paidBy.get(other) ?? 0n) + amount)
  }
  let open = returned
  for (const leg of legs) {
    if (leg.way !== 'out') continue
    const part = least(leg.amount, paidBy.get(leg.other) ?? 0n, open)
    paidBy.set(leg.other, (paidBy.get(leg.other) ?? 0n) - part)
    leg.amount -= part
    open -= part
  }
  takeOff(legs, 'out', open)
  takeOff(legs, 'in', returned)
}

/** Changes the legs: so much less went this way, of the first ones first. */
export function takeOff(legs: Leg[], way: Leg['way'], total: bigint): void {
  let open = total
  for (const leg of legs) {
    if (leg.way !== way) continue
    const part = least(leg.amount, open)
    leg.amount -= part
    open -= part
  }
}

const least = (...amounts: bigint[]): bigint => amounts.reduce((a, b) => (b < a ? b : a))

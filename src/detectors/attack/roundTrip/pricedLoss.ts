import type { Address } from '../../../model/chain.ts'
import type { Loss } from '../losses.ts'
import type { Excursion } from './excursionsOf.ts'

/** A gain by fees and rounding is not a loss of ours. In percent of what went out. */
const percentMin = 5n

/**
 * What ours lost at the fair price: what came in is taken off at the price that the pool had while nobody pushed it.
 * Null: something else moved, of which no price is known.
 */
export function pricedLoss(
  { tokens, fair: [numerator, denominator] }: Excursion,
  net: ReadonlyMap<Address | 'native', bigint>,
  losses: readonly Loss[],
): Loss | 'none' | null {
  const [loss] = losses
  if (!tokens || !loss || losses.length > 1) return null
  const amounts = withNative(net, tokens)
  if ([...amounts.keys()].some((token) => token === 'native' || !tokens.includes(token))) return null
  const [zero, one] = [amounts.get(tokens[0]) ?? 0n, amounts.get(tokens[1]) ?? 0n]
  // In units of what was lost; positive: more went out than came in.
  const isZero = zero > 0n
  const amount = isZero ? zero + (one * denominator) / numerator : one + (zero * numerator) / denominator
  return amount * 100n >= percentMin * (isZero ? zero : one) && amount > 0n ? { ...loss, amount } : 'none'
}

/** Native coins stand for the token of the pool that did not move itself: the wrapped one. */
function withNative(
  net: ReadonlyMap<Address | 'native', bigint>,
  tokens: readonly [Address, Address],
): Map<Address | 'native', bigint> {
  const amounts = new Map(net)
  const native = amounts.get('native')
  const absent = tokens.filter((token) => !amounts.has(token))
  if (native === undefined || absent.length !== 1) return amounts
  amounts.delete('native')
  return amounts.set(absent[0]!, native)
}

import type { Address, Hex } from '../../../model/chain.ts'

/** One movement of value out of or into an account. */
export type Leg = {
  way: 'out' | 'in'
  amount: bigint
  /** The other end; null where it is not known. */
  other: Address | null
  transactionHash: Hex | null
  logIndex?: number
  /** See `TokenTransfer.unwrapped`. */
  unwrapped?: boolean
}

export const sumOf = (legs: readonly Leg[], way: Leg['way']): bigint =>
  legs.reduce((sum, leg) => (leg.way === way ? sum + leg.amount : sum), 0n)

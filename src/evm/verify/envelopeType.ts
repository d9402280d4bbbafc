import type { Raw } from '../parseHex.ts'

/** The EIP-2718 type of a transaction or receipt, 0 where it says none; NaN: what it says is no type at all. */
export function envelopeType({ type }: Raw): number {
  if (type == null) return 0
  // Anything else than text a node did not mean, and it may be nested so deep that turning it to a number fails.
  return typeof type === 'string' ? Number(type) : Number.NaN
}

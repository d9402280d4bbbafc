import type { Hex } from '../../../model/chain.ts'
import { signatureWords } from '../replayedSignature/signaturesIn.ts'

/** Of the field of secp256k1: what is no x of its curve nobody ever signed with, whatever was signed. */
const field = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn

/**
 * How many different signatures calldata bears out of which a signer can be recovered at all; the others make `ecrecover`
 * answer with the zero address. `repeated`: one of them stands there more than once, to be counted again.
 */
export function bornBy(input: Hex): { count: number; repeated: boolean } {
  const whole = signatureWords(input).filter(({ r }) => isOnCurve(BigInt(`0x${r}`)))
  const repeated = whole.some(({ r, s }) => input.split(r).length > 2 && input.split(s).length > 2)
  return { count: whole.length, repeated }
}

/** Whether x³ + 7 is a square, by Euler. */
function isOnCurve(x: bigint): boolean {
  if (x === 0n || x >= field) return false
  const square = (x * x * x + 7n) % field
  return power(square, (field - 1n) / 2n) === 1n
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, base]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % field
    factor = (factor * factor) % field
  }
  return result
}

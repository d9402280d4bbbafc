import type { Raw } from '../parseHex.ts'
import { hashDigits } from './hashDigits.ts'
import { orderedRoot } from './orderedRoot.ts'
import type { Digits } from './rlp.ts'
import { transactionBytes } from './transactionBytes.ts'

/**
 * What the transactions of a block, as a node gives them, hash to: each for itself, and all of them to the root in the
 * header. Null where one of them is of a kind that we cannot hash.
 * @throws {RpcError} A field is not what it must be.
 */
export function transactionHashes(raws: readonly Raw[]): { each: Digits[]; root: Digits } | null {
  const bytes: Digits[] = []
  for (const raw of raws) {
    const own = transactionBytes(raw)
    if (own === null) return null
    bytes.push(own)
  }
  return { each: bytes.map(hashDigits), root: orderedRoot(bytes) }
}

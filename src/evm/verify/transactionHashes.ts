import { keccak } from '../../lib/keccak.ts'
import type { Raw } from '../parseHex.ts'
import { orderedRoot } from './orderedRoot.ts'
import { transactionBytes } from './transactionBytes.ts'

/**
 * What the transactions of a block, as a node gives them, hash to: each for itself, and all of them to the root in the
 * header. Null where one of them is of a kind that we cannot hash.
 * @throws {RpcError} A field is not what it must be.
 */
export function transactionHashes(raws: readonly Raw[]): { each: Uint8Array[]; root: Uint8Array } | null {
  const bytes: Uint8Array[] = []
  for (const raw of raws) {
    const own = transactionBytes(raw)
    if (own === null) return null
    bytes.push(own)
  }
  return { each: bytes.map((own) => keccak(own)), root: orderedRoot(bytes) }
}

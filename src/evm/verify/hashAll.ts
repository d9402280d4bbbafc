import { hashDigits } from './hashDigits.ts'
import { orderedRoot } from './orderedRoot.ts'
import type { Digits } from './rlp.ts'

/** The transactions or the receipts of a block, as they are hashed. */
export type HashTask = { values: readonly Digits[]; wantsEach: boolean }

/** The root over the values, and the hash of each where that is wanted. */
export type Hashes = { root: Digits; each: Digits[] }

/** @throws {RpcError} A value is no hex. */
export function hashAll({ values, wantsEach }: HashTask): Hashes {
  return { root: orderedRoot(values), each: wantsEach ? values.map(hashDigits) : [] }
}

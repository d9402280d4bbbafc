import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { dataOf } from '../facts/answerOf.ts'
import { askBefore } from '../facts/askBefore.ts'
import type { Answers } from '../facts/askState.ts'
import { placeOf } from '../facts/placeOf.ts'
import type { Pointer } from '../facts/pointersOf.ts'

/** So many blocks ago; a provider that keeps little state answers for the first ones. */
export const looksBack = [8, 64, 1_024]

/** `still`: whom contracts were set up with. `moving`: pointers that use changes, such as to the last one of many. */
export type Stillness = { still: ReadonlySet<Address>; moving: ReadonlySet<Pointer> }

/**
 * Of the contracts that stand in a slot of the storage of others and nowhere else, which have stood there for a while.
 * Answers that are empty, from before they were set up or where nobody remembers, say nothing.
 */
export async function findStill(
  client: ChainClient,
  header: BlockHeader,
  pointers: readonly Pointer[],
): Promise<Stillness> {
  const kept = pointers.flatMap((pointer) => {
    const place = pointer.name === null ? placeOf(pointer.where) : null
    return place && 'slot' in place ? [{ pointer, read: slotRead(pointer.from, BigInt(place.slot)) }] : []
  })
  if (kept.length === 0) return { still: new Set(), moving: new Set() }
  const reads = kept.map(({ read }) => read)
  const past = await askBefore(client, header, { looksBack, reads })
  const judged = kept.map(({ pointer, read }) => ({ pointer, isStill: isStill(pointer, read, past) }))
  return {
    still: new Set(judged.flatMap(({ pointer, isStill }) => (isStill ? [pointer.to] : []))),
    moving: new Set(judged.flatMap(({ pointer, isStill }) => (isStill === false ? [pointer] : []))),
  }
}

const slotRead = (of: Address, slot: bigint): Read => ({
  ...{ at: 'block', kind: 'storage', of },
  slot: `0x${slot.toString(16).padStart(64, '0')}`,
})

/** Null: nobody can tell. */
function isStill({ to }: Pointer, read: Read, past: readonly Answers[]): boolean | null {
  const known = past.map((answers) => dataOf(answers.of(read))).filter((data) => data && BigInt(data) !== 0n)
  return known.length === 0 ? null : known.every((data) => data!.endsWith(to.slice(2)))
}

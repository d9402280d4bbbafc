import type { BlockHeader } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import { reopenCleared } from '../store/alerts.ts'
import { deleteBlocksAbove, type JudgedBlock, listBlocks } from '../store/blocks.ts'
import { lockBridges, rewindLegs } from '../store/bridgeLegs.ts'
import { rewindReads } from '../store/bridgeReads.ts'
import { rewindTotals } from '../store/bridgeTotals.ts'
import { type Cursor, moveCursor } from '../store/cursors.ts'
import type { Database } from '../store/database.ts'
import { orphanSightings } from '../store/findings.ts'
import { rewindMemory } from '../store/memory.ts'

const depthMax = 5000

/**
 * Goes back to the newest judged block that is still on the chain: cursor, blocks, memory, bridges and sightings. Everything
 * after it is read anew.
 * @param headerAt Header of the chain as it now stands; null where it has no such block.
 * @throws {KnownError} No judged block that we still keep is on the chain.
 */
export async function rewind(
  db: Database,
  { cursor, headerAt }: { cursor: Cursor; headerAt(number: number): Promise<BlockHeader | null> },
): Promise<Cursor> {
  const { chainId } = cursor
  const fork = await findFork(await listBlocks(db, chainId, { limit: depthMax }), headerAt)
  if (!fork) {
    throw new KnownError(
      'conflict',
      `None of the blocks judged last on chain ${chainId} is on the chain as it now stands.`,
      {
        hints: [
          'The provider may serve another chain under this id, or the chain was started anew.',
          'To start over, use another data directory.',
        ],
        retryable: true,
      },
    )
  }
  await db.transaction(async (tx) => {
    await lockBridges(tx)
    await moveCursor(tx, { chainId, lane: 'head', from: cursor.blockHash, to: fork })
    await deleteBlocksAbove(tx, chainId, fork.number)
    await rewindMemory(tx, chainId, fork.number)
    await rewindLegs(tx, chainId, fork.number)
    await rewindTotals(tx, chainId, fork.number)
    await rewindReads(tx, chainId, fork)
    await orphanSightings(tx, chainId, fork.number)
    await reopenCleared(tx, chainId, new Date(fork.timestamp * 1000))
  })
  return { ...cursor, blockNumber: fork.number, blockHash: fork.hash, timestamp: fork.timestamp }
}

/**
 * The newest of the judged blocks that is on the chain. Whoever is on the chain has all its ancestors there, so a few
 * questions are enough: first at growing distances, then halving what lies between.
 */
async function findFork(
  newestFirst: readonly JudgedBlock[],
  headerAt: (number: number) => Promise<BlockHeader | null>,
): Promise<JudgedBlock | undefined> {
  const stands = async (place: number) => {
    const block = newestFirst[place]!
    return (await headerAt(block.number))?.hash === block.hash
  }
  /** Everything before this place is gone; the block at `standing` is known to be there. */
  let gone = 0
  let standing = newestFirst.length
  for (let place = 0; place < standing; place = place * 2 + 1) {
    if (await stands(place)) standing = place
    else gone = place + 1
  }
  while (gone < standing) {
    const middle = Math.floor((gone + standing) / 2)
    if (await stands(middle)) standing = middle
    else gone = middle + 1
  }
  return newestFirst[standing]
}

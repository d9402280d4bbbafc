import { and, eq } from 'drizzle-orm'
import type { BlockHeader, Hex } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import type { Connection } from './database.ts'
import { cursors } from './schema.ts'

export type Lane = 'head' | 'backfill'
export type Cursor = { chainId: number; lane: Lane; blockNumber: number; blockHash: Hex; timestamp: number }

/** The last block of a lane that was judged and committed; undefined before the first. */
export async function findCursor(db: Connection, chainId: number, lane: Lane): Promise<Cursor | undefined> {
  const [cursor] = await db
    .select()
    .from(cursors)
    .where(and(eq(cursors.chainId, chainId), eq(cursors.lane, lane)))
  return cursor
}

/** As `findCursor`; nobody moves it until the transaction of the caller ends. */
export async function lockCursor(db: Connection, chainId: number, lane: Lane): Promise<Cursor | undefined> {
  const [cursor] = await db
    .select()
    .from(cursors)
    .where(and(eq(cursors.chainId, chainId), eq(cursors.lane, lane)))
    .for('update')
  return cursor
}

/**
 * Moves a cursor from the block that the caller has seen. The row stays locked until the transaction ends.
 * @param from Hash of the block on which it must stand; null where there must be none yet.
 * @throws {KnownError} It stands elsewhere: somebody else watches this chain with the same database.
 */
export async function moveCursor(
  db: Connection,
  {
    chainId,
    lane,
    from,
    to,
  }: { chainId: number; lane: Lane; from: Hex | null; to: Omit<BlockHeader, 'logsBloom' | 'parentHash'> },
): Promise<void> {
  const place = { blockNumber: to.number, blockHash: to.hash, timestamp: to.timestamp }
  const moved =
    from === null
      ? await db
          .insert(cursors)
          .values({ chainId, lane, ...place })
          .onConflictDoNothing()
      : await db
          .update(cursors)
          .set(place)
          .where(and(eq(cursors.chainId, chainId), eq(cursors.lane, lane), eq(cursors.blockHash, from)))
  if (moved.rowCount === 1) return
  throw new KnownError('conflict', `The ${lane} cursor of chain ${chainId} was moved by another process.`, {
    hints: ['Run only one Tocsin for a chain on one database.'],
  })
}

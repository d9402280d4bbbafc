import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { BlockHeader, Hex } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import type { Connection } from './database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { notified } from './notify.ts'
import { runTogether } from './runTogether.ts'
import { blocks, cursors } from './schema.ts'

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

type Move = {
  chainId: number
  lane: Lane
  /** Hash of the block on which it must stand; null where there must be none yet. */
  from: Hex | null
  to: Pick<BlockHeader, 'number' | 'hash' | 'timestamp'>
}

/**
 * Moves a cursor from the block that the caller has seen, and lets those who listen know. The row stays locked until
 * the transaction ends.
 * @throws {KnownError} It stands elsewhere: somebody else watches this chain with the same database.
 */
export async function moveCursor(db: Connection, move: Move): Promise<void> {
  mustMove(move, await runTogether(db, [moving(move)]))
}

/** Moves a cursor to the next block, which is kept as judged. See `moveCursor`. */
export async function stepCursor(db: Connection, move: Move & { to: BlockHeader }): Promise<void> {
  const { number, hash, parentHash, timestamp } = move.to
  const block = { chainId: move.chainId, number, hash, parentHash, timestamp }
  // Somebody else may have judged this height: that the cursor has moved says it better than that the row is there.
  const judged = insertInto(blocks, [block], replaceBy(blocks, ['chain_id', 'number']))
  mustMove(move, await runTogether(db, [...judged, moving(move)]))
}

function moving({ chainId, lane, from, to: { number, hash, timestamp } }: Move): SQL {
  const told = sql`returning ${notified({ kind: 'chain', id: String(chainId) })}`
  if (from === null) {
    const first = { chainId, lane, blockNumber: number, blockHash: hash, timestamp }
    return sql`${sql.join(insertInto(cursors, [first], sql`do nothing`))} ${told}`
  }
  return sql`
    update ${cursors} set block_number = ${number}, block_hash = ${hash}, timestamp = ${timestamp}
    where chain_id = ${chainId} and lane = ${lane} and block_hash = ${from} ${told}`
}

function mustMove({ chainId, lane }: Move, moved: number): void {
  if (moved === 1) return
  throw new KnownError('conflict', `The ${lane} cursor of chain ${chainId} was moved by another process.`, {
    hints: ['Run only one Tocsin for a chain on one database.'],
  })
}

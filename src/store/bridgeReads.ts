import { and, eq, gt, sql } from 'drizzle-orm'
import type { BlockHeader } from '../model/chain.ts'
import { findBlock } from './blocks.ts'
import type { Connection } from './database.ts'
import { bridgeReads } from './schema.ts'

export type BridgeRead = typeof bridgeReads.$inferSelect

/** How far the chains of a bridge have been read, by chain. */
export async function findReads(db: Connection, monitor: string): Promise<Map<number, BridgeRead>> {
  const rows = await db.select().from(bridgeReads).where(eq(bridgeReads.monitor, monitor))
  return new Map(rows.map((row) => [row.chainId, row]))
}

/**
 * Notes that a chain was read to a block for a bridge. Where blocks were left out since the last time, as the monitor was
 * off, it begins anew: what went over the bridge meanwhile nobody saw.
 * @param agreed The newest judged block that enough providers agree on.
 * @param now Unix seconds: a chain that says it is in the future was not read any further for it.
 */
export async function noteRead(
  db: Connection,
  {
    monitor,
    chainId,
    block,
    agreed,
    now,
  }: { monitor: string; chainId: number; block: BlockHeader; agreed: number; now: number },
): Promise<void> {
  const isAgreed = agreed >= block.number
  const newest = isAgreed ? block : await findBlock(db, chainId, agreed)
  const row = {
    monitor,
    chainId,
    // Nothing comes before the first blocks of a chain.
    since: block.number <= 1 ? 0 : block.timestamp,
    blockNumber: block.number,
    agreedNumber: newest?.number ?? null,
    agreedTo: newest ? Math.min(newest.timestamp, now) : null,
  }
  const goesOn = sql`${bridgeReads.blockNumber} = ${block.number - 1}`
  const kept = (column: 'agreed_number' | 'agreed_to') =>
    sql.raw(`coalesce(excluded.${column}, "bridge_reads".${column})`)
  await db
    .insert(bridgeReads)
    .values(row)
    .onConflictDoUpdate({
      target: [bridgeReads.monitor, bridgeReads.chainId],
      set: {
        since: sql`case when ${goesOn} then ${bridgeReads.since} else excluded.since end`,
        blockNumber: block.number,
        agreedNumber: kept('agreed_number'),
        agreedTo: kept('agreed_to'),
      },
    })
}

/** Notes since when what a chain released waits too long for the other; null: nothing does. */
export async function noteAwaited(db: Connection, { monitor, chainId }: BridgeRead, since: Date | null): Promise<void> {
  await db
    .update(bridgeReads)
    .set({ awaitedSince: since })
    .where(and(eq(bridgeReads.monitor, monitor), eq(bridgeReads.chainId, chainId)))
}

/** A reorg has taken the blocks of a chain above this one away. */
export async function rewindReads(
  db: Connection,
  chainId: number,
  { number, timestamp }: Pick<BlockHeader, 'number' | 'timestamp'>,
): Promise<void> {
  await db
    .update(bridgeReads)
    .set({
      blockNumber: number,
      agreedNumber: sql`least(${bridgeReads.agreedNumber}, ${number}::bigint)`,
      agreedTo: sql`least(${bridgeReads.agreedTo}, ${timestamp}::bigint)`,
    })
    .where(and(eq(bridgeReads.chainId, chainId), gt(bridgeReads.blockNumber, number)))
}

import { and, desc, eq, gt, lt } from 'drizzle-orm'
import type { Hex } from '../model/chain.ts'
import type { Connection } from './database.ts'
import { blocks } from './schema.ts'

export type JudgedBlock = { number: number; hash: Hex; parentHash: Hex; timestamp: number }

/** The judged blocks that are still kept, newest first; at most `limit`. */
export async function listBlocks(
  db: Connection,
  chainId: number,
  { limit }: { limit: number },
): Promise<JudgedBlock[]> {
  return db
    .select({ number: blocks.number, hash: blocks.hash, parentHash: blocks.parentHash, timestamp: blocks.timestamp })
    .from(blocks)
    .where(eq(blocks.chainId, chainId))
    .orderBy(desc(blocks.number))
    .limit(limit)
}

/** The judged block at a height, where it is still kept. */
export async function findBlock(db: Connection, chainId: number, number: number): Promise<JudgedBlock | undefined> {
  const [block] = await db
    .select()
    .from(blocks)
    .where(and(eq(blocks.chainId, chainId), eq(blocks.number, number)))
  return block
}

export async function deleteBlocksAbove(db: Connection, chainId: number, number: number): Promise<void> {
  await db.delete(blocks).where(and(eq(blocks.chainId, chainId), gt(blocks.number, number)))
}

/** Forgets blocks that cannot be reorganised away any more. */
export async function deleteBlocksBelow(db: Connection, chainId: number, number: number): Promise<void> {
  await db.delete(blocks).where(and(eq(blocks.chainId, chainId), lt(blocks.number, number)))
}

import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { Json } from '../model/finding.ts'
import { inChunks } from './bulk.ts'
import type { Connection } from './database.ts'
import { memory, memoryUndo } from './schema.ts'

export type MemoryRow = { monitor: string; key: string; value: Json }
/** Undefined: the key does not exist. */
export type MemoryChange = { monitor: string; key: string; before: Json | undefined; after: Json | undefined }

/** All that the monitors of a chain remember. Bounded by what detectors may keep. */
export async function listMemory(db: Connection, chainId: number): Promise<MemoryRow[]> {
  const { monitor, key, value } = memory
  return db.select({ monitor, key, value }).from(memory).where(eq(memory.chainId, chainId))
}

/** Stores the changes that a block made, and what was there before, for the case that the block is reorganised away. */
export async function saveMemory(
  db: Connection,
  { chainId, blockNumber, changes }: { chainId: number; blockNumber: number; changes: readonly MemoryChange[] },
): Promise<void> {
  if (changes.length === 0) return
  const undo: (typeof memoryUndo.$inferInsert)[] = changes.map(({ monitor, key, before }) => ({
    chainId,
    blockNumber,
    monitor,
    key,
    value: before ?? null,
  }))
  for (const rows of inChunks(undo)) await db.insert(memoryUndo).values(rows)
  const kept = changes.flatMap(({ monitor, key, after }) =>
    after === undefined ? [] : [{ chainId, monitor, key, value: after }],
  )
  await upsert(db, kept)
  for (const { monitor, key, after } of changes) if (after === undefined) await forget(db, chainId, monitor, key)
}

/** Puts back what was remembered after block `number`. */
export async function rewindMemory(db: Connection, chainId: number, number: number): Promise<void> {
  const above = and(eq(memoryUndo.chainId, chainId), gt(memoryUndo.blockNumber, number))
  const oldest = await db
    .selectDistinctOn([memoryUndo.monitor, memoryUndo.key])
    .from(memoryUndo)
    .where(above)
    .orderBy(memoryUndo.monitor, memoryUndo.key, memoryUndo.blockNumber)
  const rows = oldest.flatMap(({ monitor, key, value }) => (value === null ? [] : [{ chainId, monitor, key, value }]))
  await upsert(db, rows)
  for (const { monitor, key, value } of oldest) if (value === null) await forget(db, chainId, monitor, key)
  await db.delete(memoryUndo).where(above)
}

/** Forgets how to undo blocks that cannot be reorganised away any more. */
export async function deleteUndoBelow(db: Connection, chainId: number, number: number): Promise<void> {
  await db.delete(memoryUndo).where(and(eq(memoryUndo.chainId, chainId), lt(memoryUndo.blockNumber, number)))
}

async function upsert(db: Connection, rows: (MemoryRow & { chainId: number })[]): Promise<void> {
  for (const some of inChunks(rows)) {
    await db
      .insert(memory)
      .values(some)
      .onConflictDoUpdate({ target: [memory.chainId, memory.monitor, memory.key], set: { value: sql`excluded.value` } })
  }
}

async function forget(db: Connection, chainId: number, monitor: string, key: string): Promise<void> {
  await db.delete(memory).where(and(eq(memory.chainId, chainId), eq(memory.monitor, monitor), eq(memory.key, key)))
}

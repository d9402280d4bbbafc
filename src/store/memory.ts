import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { Json } from '../model/finding.ts'
import type { Connection } from './database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { runTogether } from './runTogether.ts'
import { memory, memoryUndo } from './schema.ts'

export type MemoryRow = { monitor: string; key: string; value: Json }
/** Undefined: the key does not exist. */
export type MemoryChange = { monitor: string; key: string; before: Json | undefined; after: Json | undefined }

const asRemembered = replaceBy(memory, ['chain_id', 'monitor', 'key'])

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
  const kept = changes.flatMap(({ monitor, key, after }) =>
    after === undefined ? [] : [{ chainId, monitor, key, value: after }],
  )
  await runTogether(db, [...insertInto(memoryUndo, undo), ...insertInto(memory, kept, asRemembered)])
  await forget(
    db,
    chainId,
    changes.filter(({ after }) => after === undefined),
  )
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
  await runTogether(db, insertInto(memory, rows, asRemembered))
  await forget(
    db,
    chainId,
    oldest.filter(({ value }) => value === null),
  )
  await db.delete(memoryUndo).where(above)
}

/** Forgets how to undo blocks that cannot be reorganised away any more. */
export async function deleteUndoBelow(db: Connection, chainId: number, number: number): Promise<void> {
  await db.delete(memoryUndo).where(and(eq(memoryUndo.chainId, chainId), lt(memoryUndo.blockNumber, number)))
}

async function forget(
  db: Connection,
  chainId: number,
  gone: readonly Pick<MemoryRow, 'monitor' | 'key'>[],
): Promise<void> {
  if (gone.length === 0) return
  const [monitors, keys] = [gone.map(({ monitor }) => monitor), gone.map(({ key }) => key)]
  await db.execute(sql`
    delete from ${memory} using unnest(${sql.param(monitors)}::text[], ${sql.param(keys)}::text[]) as gone (monitor, key)
    where ${memory.chainId} = ${chainId} and ${memory.monitor} = gone.monitor and ${memory.key} = gone.key`)
}

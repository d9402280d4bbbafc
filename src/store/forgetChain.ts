import { eq, inArray } from 'drizzle-orm'
import type { Database } from './database.ts'
import { alerts, blindness, blocks, cursors, findings, memory, memoryUndo, messages, sightings } from './schema.ts'

/** Forgets all about a chain: for a local chain that begins anew with every start. */
export function forgetChain(db: Database, chainId: number): Promise<void> {
  return db.transaction(async (tx) => {
    const ofChain = tx.select({ id: alerts.id }).from(alerts).where(eq(alerts.chainId, chainId))
    await tx.delete(messages).where(inArray(messages.alertId, ofChain))
    for (const table of [sightings, findings, alerts, memoryUndo, memory, blindness, blocks, cursors]) {
      await tx.delete(table).where(eq(table.chainId, chainId))
    }
  })
}

import { eq, inArray } from 'drizzle-orm'
import type { Database } from './database.ts'
import {
  alerts,
  blindness,
  blocks,
  bridgeLegs,
  bridgeReads,
  bridgeTotals,
  cursors,
  findings,
  memory,
  memoryUndo,
  messages,
  sightings,
} from './schema.ts'

/** Forgets all about a chain: for a local chain that begins anew with every start. */
export function forgetChain(db: Database, chainId: number): Promise<void> {
  return db.transaction(async (tx) => {
    const ofChain = tx.select({ id: alerts.id }).from(alerts).where(eq(alerts.chainId, chainId))
    await tx.delete(messages).where(inArray(messages.alertId, ofChain))
    const bridged = [bridgeLegs, bridgeTotals, bridgeReads]
    const own = [sightings, findings, alerts, memoryUndo, memory, ...bridged, blindness, blocks, cursors]
    for (const table of own) {
      await tx.delete(table).where(eq(table.chainId, chainId))
    }
  })
}

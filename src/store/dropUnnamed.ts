import { and, eq, ne, notInArray, or } from 'drizzle-orm'
import type { Database } from './database.ts'
import { notify } from './notify.ts'
import { alerts, blindness, bridgeLegs, bridgeReads, bridgeTotals, messages } from './schema.ts'

/** What the config names now. `monitors` includes those that stand for Tocsin itself. */
export type Named = { monitors: readonly string[]; chains: readonly number[]; channels: readonly string[] }

/**
 * Ends what a change of the config left behind and nothing else would end: open alerts, blindness and bridges of
 * monitors that are gone, and messages to channels that are gone, which are given up visibly.
 */
export async function dropUnnamed(db: Database, { monitors, chains, channels }: Named, now: Date): Promise<void> {
  const resolvedBecause = 'its monitor is not in the config any more'
  const lastError = 'This channel is not in the config any more.'
  await db.transaction(async (tx) => {
    await tx
      .update(alerts)
      .set({ state: 'resolved', resolvedAt: now, resolvedBecause, untold: 0 })
      .where(
        and(
          ne(alerts.state, 'resolved'),
          or(notInArray(alerts.monitor, [...monitors]), notInArray(alerts.chainId, [...chains])),
        ),
      )
    for (const table of [blindness, bridgeLegs, bridgeTotals, bridgeReads]) {
      await tx.delete(table).where(or(notInArray(table.monitor, [...monitors]), notInArray(table.chainId, [...chains])))
    }
    await tx
      .update(messages)
      .set({ state: 'dead', lastError })
      .where(and(eq(messages.state, 'waiting'), notInArray(messages.channel, [...channels])))
    await notify(tx, { kind: 'alert' }, { kind: 'message' })
  })
}

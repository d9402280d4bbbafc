import { sql } from 'drizzle-orm'
import type { Finding, Sighting } from '../model/finding.ts'
import { type AlertRow, alertsAsTheyAre } from './alerts.ts'
import type { Connection } from './database.ts'
import { insertInto } from './insertInto.ts'
import { runTogether } from './runTogether.ts'
import { findings, sightings } from './schema.ts'

/**
 * Stores new findings, notes where findings were seen, and writes their alerts as they now are. A sighting that a reorg
 * had orphaned and that is seen again is canonical again.
 */
export async function saveFindings(
  db: Connection,
  found: {
    fresh: readonly { finding: Finding; alertId: string; createdAt: Date }[]
    seen: readonly Sighting[]
    alerts: readonly AlertRow[]
  },
): Promise<void> {
  const fresh = found.fresh.map(({ finding: { alertKey: _, ...finding }, alertId, createdAt }) => {
    return { ...finding, alertId, createdAt }
  })
  const seen = found.seen.map((sighting) => ({ ...sighting, canonical: true }))
  await runTogether(db, [
    ...insertInto(findings, fresh),
    ...insertInto(sightings, seen, sql`(finding_id, block_hash) do update set canonical = true`),
    ...alertsAsTheyAre(found.alerts),
  ])
}

import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Finding, Sighting } from '../model/finding.ts'
import type { Connection } from './database.ts'
import { alerts, findings, sightings } from './schema.ts'

/** Which of these findings are known already, and the alerts that they joined. */
export async function findKnown(db: Connection, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: findings.id, alertId: findings.alertId })
    .from(findings)
    .where(inArray(findings.id, [...ids]))
  return new Map(rows.map(({ id, alertId }) => [id, alertId]))
}

export async function insertFindings(
  db: Connection,
  rows: readonly { finding: Finding; alertId: string; createdAt: Date }[],
): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(findings)
    .values(
      rows.map(({ finding: { alertKey: _, ...finding }, alertId, createdAt }) => ({ ...finding, alertId, createdAt })),
    )
}

/** Lets findings join another alert. */
export async function moveFindings(db: Connection, ids: readonly string[], alertId: string): Promise<void> {
  await db
    .update(findings)
    .set({ alertId })
    .where(inArray(findings.id, [...ids]))
}

/** Notes where findings were seen. A sighting that a reorg had orphaned and that is seen again is canonical again. */
export async function insertSightings(db: Connection, rows: readonly Sighting[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(sightings)
    .values(rows.map((row) => ({ ...row, canonical: true })))
    .onConflictDoUpdate({ target: [sightings.findingId, sightings.blockHash], set: { canonical: true } })
}

/**
 * Orphans what was seen above block `number`. Alerts that lost their last canonical sighting are provisional again:
 * if the finding does not come back they will be retracted.
 */
export async function orphanSightings(db: Connection, chainId: number, number: number): Promise<void> {
  const orphaned = await db
    .update(sightings)
    .set({ canonical: false })
    .where(and(eq(sightings.chainId, chainId), gt(sightings.blockNumber, number), sightings.canonical))
    .returning({ findingId: sightings.findingId })
  if (orphaned.length === 0) return
  const ids = [...new Set(orphaned.map(({ findingId }) => findingId))]
  await db
    .update(alerts)
    .set({ stage: 'provisional' })
    .where(
      and(
        inArray(alerts.id, db.select({ id: findings.alertId }).from(findings).where(inArray(findings.id, ids))),
        sql`${alerts.stage} in ('provisional', 'confirmed')`,
        sql`not exists (select 1 from ${findings} join ${sightings} on ${sightings.findingId} = ${findings.id}
          where ${findings.alertId} = ${alerts.id} and ${sightings.canonical})`,
      ),
    )
}

/** The newest findings of an alert; at most `limit`. */
export function listFindings(db: Connection, alertId: string, { limit }: { limit: number }) {
  return db.select().from(findings).where(eq(findings.alertId, alertId)).orderBy(desc(findings.createdAt)).limit(limit)
}

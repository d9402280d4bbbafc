import { and, eq, inArray, isNotNull, lte, ne, or, sql } from 'drizzle-orm'
import type { AlertState } from '../model/alert.ts'
import type { Connection } from './database.ts'
import { alerts, findings, sightings } from './schema.ts'

export type AlertRow = typeof alerts.$inferSelect
export type NewAlert = typeof alerts.$inferInsert

export async function findAlert(db: Connection, id: string): Promise<AlertRow | undefined> {
  const [alert] = await db.select().from(alerts).where(eq(alerts.id, id))
  return alert
}

/** The open alerts with these keys, locked until the transaction ends. At most one has each key. */
export async function lockOpenAlerts(db: Connection, keys: readonly string[]): Promise<Map<string, AlertRow>> {
  if (keys.length === 0) return new Map()
  const rows = await db
    .select()
    .from(alerts)
    .where(and(inArray(alerts.key, [...keys]), ne(alerts.state, 'resolved')))
    .orderBy(alerts.id)
    .for('update')
  return new Map(rows.map((row) => [row.key, row]))
}

export async function lockAlerts(db: Connection, ids: readonly string[]): Promise<AlertRow[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(alerts)
    .where(inArray(alerts.id, [...ids]))
    .orderBy(alerts.id)
    .for('update')
}

/** Writes an alert as it now is: a new one, or one whose row the transaction has locked. */
export async function saveAlert(db: Connection, alert: AlertRow): Promise<void> {
  await db.insert(alerts).values(alert).onConflictDoUpdate({ target: alerts.id, set: alert })
}

/** Moves an alert on, only from a state that the caller allows. Undefined: it is in none of them. */
export async function moveAlert(
  db: Connection,
  { id, from, to }: { id: string; from: readonly AlertState[]; to: Partial<NewAlert> },
): Promise<AlertRow | undefined> {
  const [moved] = await db
    .update(alerts)
    .set(to)
    .where(and(eq(alerts.id, id), inArray(alerts.state, [...from])))
    .returning()
  return moved
}

/** Open alerts that match, for inhibition; at most `limit`. */
export function listFiring(db: Connection, { limit }: { limit: number }): Promise<AlertRow[]> {
  return db.select().from(alerts).where(ne(alerts.state, 'resolved')).limit(limit)
}

/**
 * Alerts of a chain for which something is due: time to resolve, a stage to reach, a telling that was put off.
 * Locked until the transaction ends, so that two processes do not do it twice.
 */
export function lockDueAlerts(
  db: Connection,
  due: { chainId: number; at: Date; confirmedBelow: number; finalBelow: number; tellBefore: Date; limit: number },
): Promise<AlertRow[]> {
  const open = ne(alerts.state, 'resolved')
  return db
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.chainId, due.chainId),
        or(
          and(open, isNotNull(alerts.resolveAt), lte(alerts.resolveAt, due.at)),
          and(open, sql`${alerts.untold} > 0`, or(sql`${alerts.toldAt} is null`, lte(alerts.toldAt, due.tellBefore))),
          and(eq(alerts.stage, 'provisional'), lte(alerts.blockNumber, due.confirmedBelow)),
          and(eq(alerts.stage, 'confirmed'), lte(alerts.blockNumber, due.finalBelow)),
        ),
      ),
    )
    .orderBy(alerts.id)
    .limit(due.limit)
    .for('update')
}

/** Lowest canonical and highest orphaned block in which each alert was seen; null where there is none. */
export async function sightedBlocks(
  db: Connection,
  ids: readonly string[],
): Promise<Map<string, { canonical: number | null; orphaned: number | null }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({
      id: findings.alertId,
      canonical: sql<string | null>`min(${sightings.blockNumber}) filter (where ${sightings.canonical})`,
      orphaned: sql<string | null>`max(${sightings.blockNumber}) filter (where not ${sightings.canonical})`,
    })
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(inArray(findings.alertId, [...ids]))
    .groupBy(findings.alertId)
  const number = (value: string | null) => (value === null ? null : Number(value))
  return new Map(rows.map((row) => [row.id, { canonical: number(row.canonical), orphaned: number(row.orphaned) }]))
}

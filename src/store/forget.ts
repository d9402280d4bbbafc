import { and, eq, inArray, lt, ne, notExists, or, type SQL, sql } from 'drizzle-orm'
import type { Connection } from './database.ts'
import { isAmong } from './isAmong.ts'
import { alerts, findings, messages, sightings, silences } from './schema.ts'

const isOld = (before: Date): SQL | undefined => and(eq(alerts.state, 'resolved'), lt(alerts.resolvedAt, before))

/** Deletes findings, and where they were seen, of alerts that were resolved before a time; at most `limit` findings. */
export async function deleteOldFindings(db: Connection, before: Date, limit: number): Promise<number> {
  const old = db
    .select({ id: findings.id })
    .from(findings)
    .innerJoin(alerts, eq(alerts.id, findings.alertId))
    .where(isOld(before))
    .limit(limit)
  return db.transaction(async (tx) => {
    const deleted = await tx.delete(findings).where(inArray(findings.id, old)).returning({ id: findings.id })
    const ids = deleted.map(({ id }) => id)
    await tx.delete(sightings).where(isAmong(sightings.findingId, ids))
    return deleted.length
  })
}

/**
 * Deletes alerts that were resolved before a time and have no findings left; at most `limit`. Their messages go with
 * them: the same finding, seen again, would have messages of the same ids.
 */
export async function deleteOldAlerts(db: Connection, before: Date, limit: number): Promise<number> {
  const own = db.select({ one: sql`1` }).from(findings).where(eq(findings.alertId, alerts.id))
  const old = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(isOld(before), notExists(own)))
    .limit(limit)
  return db.transaction(async (tx) => {
    const deleted = await tx.delete(alerts).where(inArray(alerts.id, old)).returning({ id: alerts.id })
    const ids = deleted.map(({ id }) => id)
    await tx.delete(messages).where(isAmong(messages.alertId, ids))
    return deleted.length
  })
}

/** Deletes messages of before a time that were sent or given up, and are about no open alert; at most `limit`. */
export async function deleteOldMessages(db: Connection, before: Date, limit: number): Promise<number> {
  const old = db
    .select({ id: messages.id })
    .from(messages)
    .leftJoin(alerts, eq(alerts.id, messages.alertId))
    .where(
      and(
        lt(messages.createdAt, before),
        ne(messages.state, 'waiting'),
        or(sql`${alerts.id} is null`, eq(alerts.state, 'resolved')),
      ),
    )
    .limit(limit)
  return (await db.delete(messages).where(inArray(messages.id, old))).rowCount ?? 0
}

/** Deletes silences that ended before a time; at most `limit`. */
export async function deleteOldSilences(db: Connection, before: Date, limit: number): Promise<number> {
  const old = db.select({ id: silences.id }).from(silences).where(lt(silences.endsAt, before)).limit(limit)
  return (await db.delete(silences).where(inArray(silences.id, old))).rowCount ?? 0
}

import { and, asc, desc, eq, gt, inArray, isNotNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core'
import type { AlertState } from '../model/alert.ts'
import type { Matcher } from '../model/route.ts'
import type { Connection } from './database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { isAmong } from './isAmong.ts'
import { alerts } from './schema.ts'

export type AlertRow = typeof alerts.$inferSelect
export type NewAlert = typeof alerts.$inferInsert

const isOpen = ne(alerts.state, 'resolved')

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
    .where(and(isAmong(alerts.key, keys), isOpen))
    .orderBy(alerts.id)
    .for('update')
  return new Map(rows.map((row) => [row.key, row]))
}

export async function lockAlerts(db: Connection, ids: readonly string[]): Promise<AlertRow[]> {
  if (ids.length === 0) return []
  return db.select().from(alerts).where(isAmong(alerts.id, ids)).orderBy(alerts.id).for('update')
}

const asTheyAre = replaceBy(alerts, ['id'])

/** Writes alerts as they now are: new ones, or ones whose rows the transaction has locked. */
export const alertsAsTheyAre = (rows: readonly AlertRow[]): SQL[] => insertInto(alerts, rows, asTheyAre)

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

/** Open alerts of which people were told, by what the database knows of a matcher; the newest, at most `limit`. */
export async function listToldAlerts(
  db: Connection,
  { severities, monitors, detectors }: Matcher,
  { limit }: { limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(
      and(
        isOpen,
        gt(alerts.told, 0),
        severities && inArray(alerts.severity, [...severities]),
        monitors && inArray(alerts.monitor, [...monitors]),
        detectors && inArray(alerts.detector, [...detectors]),
      ),
    )
    .orderBy(desc(alerts.lastSeenAt), asc(alerts.id))
    .limit(limit)
}

/** Open alerts of these monitors on a chain that rest on no block, the newest, at most `limit`. */
export async function listBlocklessAlerts(
  db: Connection,
  { chainId, monitors, limit }: { chainId: number; monitors: readonly string[]; limit: number },
): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(
      and(isOpen, eq(alerts.chainId, chainId), isAmong(alerts.monitor, monitors), sql`${alerts.blockNumber} is null`),
    )
    .orderBy(desc(alerts.lastSeenAt), asc(alerts.id))
    .limit(limit)
}

/**
 * Alerts of a chain for which something is due: time to resolve, a stage to reach, findings to count anew, a telling
 * that was put off. Of each kind at most `limit`, what has been due for longest first, so that none is passed over for
 * ever. Locked until the transaction ends, so that two processes do not do it twice.
 */
export async function lockDueAlerts(
  db: Connection,
  { chainId, at, confirmedBelow, finalBelow, limit }: DueBy & { chainId: number; limit: number },
): Promise<AlertRow[]> {
  const isCounted = or(sql`${alerts.recountAt} is null`, lte(alerts.recountAt, confirmedBelow))
  const due = (where: (SQL | undefined)[], first: AnyPgColumn) =>
    db
      .select({ id: alerts.id })
      .from(alerts)
      .where(and(eq(alerts.chainId, chainId), ...where))
      .orderBy(first)
      .limit(limit)
  const kinds = [
    due([isOpen, isNotNull(alerts.resolveAt), lte(alerts.resolveAt, at)], alerts.resolveAt),
    due([isOpen, sql`${alerts.untold} > 0`, lte(alerts.tellAt, at)], alerts.tellAt),
    due([eq(alerts.stage, 'provisional'), lte(alerts.blockNumber, confirmedBelow), isCounted], alerts.blockNumber),
    due([eq(alerts.stage, 'confirmed'), lte(alerts.blockNumber, finalBelow), isCounted], alerts.blockNumber),
    due([isNotNull(alerts.recountAt), lte(alerts.recountAt, confirmedBelow)], alerts.recountAt),
  ]
  return db
    .select()
    .from(alerts)
    .where(sql`${alerts.id} in (${sql.join(kinds, sql` union `)})`)
    .orderBy(alerts.id)
    .for('update')
}

/** How far a chain has come: its time, and the newest blocks that are confirmed and final. */
export type DueBy = { at: Date; confirmedBelow: number; finalBelow: number }

/** Alerts that rest on no block and of which something is untold, locked; at most `limit`. */
export async function lockOverdueBlockless(db: Connection, { now, limit }: { now: Date; limit: number }) {
  return db
    .select()
    .from(alerts)
    .where(and(isOpen, sql`${alerts.untold} > 0`, sql`${alerts.blockNumber} is null`, lte(alerts.tellAt, now)))
    .orderBy(alerts.id)
    .limit(limit)
    .for('update')
}

/** Lets alerts of which nobody was told be looked at again at once, as a silence has ended. */
export async function hurryMuted(db: Connection): Promise<void> {
  const muted = db
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(isOpen, sql`${alerts.untold} > 0`, isNotNull(alerts.mutedBecause)))
    .orderBy(alerts.id)
    .for('update')
  await db
    .update(alerts)
    .set({ tellAt: new Date(0) })
    .where(inArray(alerts.id, muted))
}

/** Why an alert is resolved that its own detector has ended. */
export const clearedByDetector = 'its condition does not hold any more'

/**
 * Lets alerts fire again whose detector ended them in a block that a reorg has taken away: what it remembers is rewound
 * as well, so that it would not speak of them again. Those who were told of the end are told that it goes on.
 * @param after Time of the newest block that is still on the chain.
 */
export async function reopenCleared(db: Connection, chainId: number, after: Date): Promise<void> {
  const successor = alias(alerts, 'successor')
  await db
    .update(alerts)
    .set({
      state: 'firing',
      resolvedAt: null,
      resolvedBecause: null,
      untold: sql`greatest(${alerts.untold}, 1)`,
      tellAt: after,
    })
    .where(
      and(
        eq(alerts.chainId, chainId),
        eq(alerts.state, 'resolved'),
        eq(alerts.resolvedBecause, clearedByDetector),
        gt(alerts.resolvedAt, after),
        // Of several with one key, only the one that was open then. Where a stage of two chains raises them, several may
        // seem to have been, as each is timed by the block in which it was told of or over: then it is the newest.
        lte(alerts.firstSeenAt, after),
        sql`not exists (select 1 from ${alerts} ${sql.identifier('successor')}
          where ${successor.key} = ${alerts.key} and (${successor.state} <> 'resolved' or (
            ${successor.resolvedBecause} = ${clearedByDetector} and ${successor.resolvedAt} > ${after}
            and ${successor.firstSeenAt} <= ${after}
            and (${successor.firstSeenAt}, ${successor.id}) > (${alerts.firstSeenAt}, ${alerts.id}))))`,
      ),
    )
}

import { and, asc, desc, eq, gt, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Message } from '../model/message.ts'
import { severities } from '../model/severity.ts'
import type { Connection, Database } from './database.ts'
import { isAmong } from './isAmong.ts'
import { messages } from './schema.ts'

export type MessageRow = typeof messages.$inferSelect

/** A message to be put into the outbox. `turn` counts those about its alert. */
export type NewMessage = { channel: string; alertId: string | null; turn: number; content: Message; dueAt: Date }

/** The channels that were to be told of these alerts, by the id of the alert. */
export async function listToldChannels(db: Connection, alertIds: readonly string[]): Promise<Map<string, string[]>> {
  if (alertIds.length === 0) return new Map()
  const rows = await db
    .selectDistinct({ alertId: messages.alertId, channel: messages.channel })
    .from(messages)
    .where(isAmong(messages.alertId, alertIds))
    .orderBy(messages.alertId, messages.channel)
  const told = new Map<string, string[]>()
  for (const { alertId, channel } of rows) if (alertId) told.set(alertId, [...(told.get(alertId) ?? []), channel])
  return told
}

/** Waits in a channel, and nothing about the same alert waits there ahead of it. */
function isNext(channel: string): SQL | undefined {
  const ahead = alias(messages, 'ahead')
  return and(
    eq(messages.channel, channel),
    eq(messages.state, 'waiting'),
    sql`not exists (select 1 from ${messages} ${sql.identifier('ahead')} where ${ahead.alertId} = ${messages.alertId}
      and ${ahead.channel} = ${messages.channel} and ${ahead.state} = 'waiting' and ${ahead.turn} < ${messages.turn})`,
  )
}

/** Nobody puts a message off for so long: where it is due later than that, the clock was wrong, and it is due now. */
const putOffMsMax = 2 * 60 * 60_000

/** The graver, the higher: a flood of small news must not hold up the one that matters. */
const gravity = sql`array_position(${sql.param([...severities])}::text[], ${messages.content}->>'severity')`

/**
 * Takes the gravest message of a channel that is due, of equals the one due for longest, and puts it off until `leaseEndsAt`: if whoever took it
 * dies, it is due again then. A message about an alert waits until those ahead of it have gone or were given up.
 */
export async function takeDueMessage(
  db: Database,
  { channel, now, leaseEndsAt }: { channel: string; now: Date; leaseEndsAt: Date },
): Promise<MessageRow | undefined> {
  const isDue = or(lte(messages.dueAt, now), gt(messages.dueAt, new Date(now.getTime() + putOffMsMax)))
  return db.transaction(async (tx) => {
    const [due] = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(isNext(channel), isDue))
      .orderBy(desc(gravity), asc(messages.dueAt), asc(messages.turn), asc(messages.id))
      .limit(1)
      .for('update', { skipLocked: true })
    if (!due) return undefined
    const [taken] = await tx
      .update(messages)
      .set({ dueAt: leaseEndsAt, attempts: sql`${messages.attempts} + 1` })
      .where(eq(messages.id, due.id))
      .returning()
    return taken
  })
}

/** When the next message of a channel is due; undefined where none waits. */
export async function nextDue(db: Connection, channel: string): Promise<Date | undefined> {
  const [row] = await db
    .select({ dueAt: messages.dueAt })
    .from(messages)
    .where(isNext(channel))
    .orderBy(asc(messages.dueAt))
    .limit(1)
  return row?.dueAt
}

/** True whoever says so: a message that went out has gone out. */
export async function markSent(db: Connection, id: string, sentAt: Date): Promise<void> {
  await db.update(messages).set({ state: 'sent', sentAt, lastError: null }).where(eq(messages.id, id))
}

/** Changes nothing where somebody else has taken the message since. */
export async function putOff(
  db: Connection,
  taken: MessageRow,
  { dueAt, error }: { dueAt: Date; error: string },
): Promise<void> {
  await db.update(messages).set({ dueAt, lastError: error }).where(isStillMine(taken))
}

/** Gives a message up. It stays visible until somebody retries it. Changes nothing where somebody else has taken it. */
export async function markDead(db: Connection, taken: MessageRow, error: string): Promise<void> {
  await db.update(messages).set({ state: 'dead', lastError: error }).where(isStillMine(taken))
}

function isStillMine({ id, attempts }: MessageRow): SQL | undefined {
  return and(eq(messages.id, id), eq(messages.state, 'waiting'), eq(messages.attempts, attempts))
}

/** Lets a message that was given up wait for its channel again, as if for the first time. False: it was not given up. */
export async function reviveMessage(db: Connection, id: string, dueAt: Date): Promise<boolean> {
  const revived = await db
    .update(messages)
    .set({ state: 'waiting', attempts: 0, dueAt })
    .where(and(eq(messages.id, id), eq(messages.state, 'dead')))
  return revived.rowCount === 1
}

export async function findMessage(db: Connection, id: string): Promise<MessageRow | undefined> {
  const [message] = await db.select().from(messages).where(eq(messages.id, id))
  return message
}

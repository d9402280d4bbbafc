import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Message } from '../model/message.ts'
import type { Connection, Database } from './database.ts'
import { messages } from './schema.ts'

export type MessageRow = typeof messages.$inferSelect

/** Puts messages into the outbox. One that is there already stays as it is. */
export async function insertMessages(
  db: Connection,
  rows: readonly { channel: string; alertId: string | null; content: Message; dueAt: Date }[],
): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map(({ channel, alertId, content, dueAt }) => {
    return { id: content.id, channel, alertId, kind: content.kind, content, dueAt }
  })
  await db.insert(messages).values(values).onConflictDoNothing()
}

/**
 * Takes the messages of a channel that are due, oldest first, and puts them off until `leaseEndsAt`: if whoever took
 * them dies, they are due again then.
 */
export async function takeDueMessages(
  db: Database,
  { channel, now, leaseEndsAt, limit }: { channel: string; now: Date; leaseEndsAt: Date; limit: number },
): Promise<MessageRow[]> {
  return db.transaction(async (tx) => {
    const due = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(eq(messages.channel, channel), eq(messages.state, 'waiting'), lte(messages.dueAt, now)))
      .orderBy(asc(messages.dueAt), asc(messages.id))
      .limit(limit)
      .for('update', { skipLocked: true })
    if (due.length === 0) return []
    const ids = due.map(({ id }) => id)
    const taken = await tx
      .update(messages)
      .set({ dueAt: leaseEndsAt, attempts: sql`${messages.attempts} + 1` })
      .where(inArray(messages.id, ids))
      .returning()
    return taken.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  })
}

export async function markSent(db: Connection, id: string, sentAt: Date): Promise<void> {
  await db.update(messages).set({ state: 'sent', sentAt, lastError: null }).where(eq(messages.id, id))
}

export async function putOff(
  db: Connection,
  id: string,
  { dueAt, error }: { dueAt: Date; error: string },
): Promise<void> {
  await db.update(messages).set({ dueAt, lastError: error }).where(eq(messages.id, id))
}

/** Gives a message up. It stays visible until somebody retries it. */
export async function markDead(db: Connection, id: string, error: string): Promise<void> {
  await db.update(messages).set({ state: 'dead', lastError: error }).where(eq(messages.id, id))
}

/** When the next message of any of the channels is due; undefined where none waits. */
export async function nextDue(db: Connection, channels: readonly string[]): Promise<Date | undefined> {
  if (channels.length === 0) return undefined
  const [row] = await db
    .select({ dueAt: messages.dueAt })
    .from(messages)
    .where(and(eq(messages.state, 'waiting'), inArray(messages.channel, [...channels])))
    .orderBy(asc(messages.dueAt))
    .limit(1)
  return row?.dueAt
}

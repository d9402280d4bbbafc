import { count, ne } from 'drizzle-orm'
import type { Connection } from './database.ts'
import { messages } from './schema.ts'

/** How many messages of each channel wait or were given up. */
export async function countOutbox(
  db: Connection,
): Promise<{ channel: string; state: 'waiting' | 'dead'; messages: number }[]> {
  const rows = await db
    .select({ channel: messages.channel, state: messages.state, messages: count() })
    .from(messages)
    .where(ne(messages.state, 'sent'))
    .groupBy(messages.channel, messages.state)
  return rows.flatMap(({ state, ...row }) => (state === 'sent' ? [] : [{ ...row, state }]))
}

import { sql } from 'drizzle-orm'
import { type AlertRow, alertsAsTheyAre } from './alerts.ts'
import type { Connection } from './database.ts'
import { insertInto } from './insertInto.ts'
import type { NewMessage } from './messages.ts'
import { type Change, notice } from './notify.ts'
import { runTogether } from './runTogether.ts'
import { messages } from './schema.ts'

/**
 * Writes alerts as they now are, puts what people are told into the outbox, and lets those who listen know. A message
 * that is in the outbox already stays as it is.
 */
export async function saveNews(
  db: Connection,
  news: { alerts: readonly AlertRow[]; messages: readonly NewMessage[]; changes: readonly Change[] },
): Promise<void> {
  const outbox = news.messages.map((row) => ({ ...row, id: row.content.id, kind: row.content.kind }))
  await runTogether(db, [
    ...alertsAsTheyAre(news.alerts),
    ...insertInto(messages, outbox, sql`do nothing`),
    ...notice(news.changes),
  ])
}

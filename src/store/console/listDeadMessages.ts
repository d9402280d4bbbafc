import { desc, eq } from 'drizzle-orm'
import type { Connection } from '../database.ts'
import { messages } from '../schema.ts'
import { type Delivery, deliveryColumns } from './findAlert.ts'

/** Messages that were given up, the newest first; at most `limit`. */
export async function listDeadMessages(db: Connection, { limit }: { limit: number }): Promise<Delivery[]> {
  const rows = await db
    .select(deliveryColumns)
    .from(messages)
    .where(eq(messages.state, 'dead'))
    .orderBy(desc(messages.createdAt))
    .limit(limit)
  return rows.map(({ content, ...delivery }) => ({ ...delivery, title: content.title }))
}

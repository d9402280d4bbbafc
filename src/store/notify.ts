import { sql } from 'drizzle-orm'
import type { Connection } from './database.ts'

/** What changed, for those who listen on the PostgreSQL channel `tocsin`. Arrives when the transaction commits. */
export type Change = { kind: 'alert' | 'chain' | 'message' | 'silence'; id?: string }

export async function notify(db: Connection, change: Change): Promise<void> {
  await db.execute(sql`select pg_notify('tocsin', ${JSON.stringify(change)})`)
}

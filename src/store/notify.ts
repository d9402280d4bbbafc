import { sql } from 'drizzle-orm'
import type { Connection } from './database.ts'

/** What changed, for those who listen on the PostgreSQL channel `tocsin`. Arrives when the transaction commits. */
export type Change = { kind: 'alert' | 'chain' | 'message' | 'silence'; id?: string }

export async function notify(db: Connection, ...changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const payloads = sql.param(changes.map((change) => JSON.stringify(change)))
  await db.execute(sql`select pg_notify('tocsin', payload) from unnest(${payloads}::text[]) as payload`)
}

import { type SQL, sql } from 'drizzle-orm'
import type { Connection } from './database.ts'
import { runTogether } from './runTogether.ts'

/** What changed, for those who listen on the PostgreSQL channel `tocsin`. Arrives when the transaction commits. */
export type Change = { kind: 'alert' | 'chain' | 'message' | 'silence'; id?: string }

export async function notify(db: Connection, ...changes: readonly Change[]): Promise<void> {
  await runTogether(db, notice(changes))
}

/** Does so where it stands in a statement, as often as that gives a row. */
export const notified = (change: Change): SQL => sql`pg_notify('tocsin', ${JSON.stringify(change)})`

/** The query that does so; nothing where nothing changed. */
export function notice(changes: readonly Change[]): SQL[] {
  if (changes.length === 0) return []
  const payloads = sql.param(changes.map((change) => JSON.stringify(change)))
  return [sql`select pg_notify('tocsin', payload) from unnest(${payloads}::text[]) as payload`]
}

import { type SQL, sql } from 'drizzle-orm'
import type { Connection } from './database.ts'

/**
 * Runs statements that need not see each other's changes as one, as each of them would cost a way to the server and
 * back. All but the last must change something: PostgreSQL does not run a query that nobody reads.
 * @returns How many rows the last has changed or given.
 */
export async function runTogether(db: Connection, statements: readonly SQL[]): Promise<number> {
  const last = statements.at(-1)
  if (!last) return 0
  const others = statements.slice(0, -1).map((statement, place) => sql`${sql.raw(`s${place}`)} as (${statement})`)
  const { rowCount } = await db.execute(others.length === 0 ? last : sql`with ${sql.join(others, sql`, `)} ${last}`)
  return rowCount ?? 0
}

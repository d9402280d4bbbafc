import { type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

/** PostgreSQL takes 65,535 parameters in a statement, and no row of ours has more than 60 columns. */
const rowsMax = 1000

/** Rows in portions that one statement takes. */
export function* inChunks<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += rowsMax) yield rows.slice(from, from + rowsMax)
}

/** Whether a column holds one of the values, however many: they are one parameter. */
export function isAmong(column: AnyPgColumn, values: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...values])}::text[])`
}

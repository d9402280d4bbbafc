import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/**
 * The statement that inserts rows, however many, with one parameter for each column: one with a parameter for each
 * value takes longer to be written down than to be run, and PostgreSQL takes no more than 65,535 of them.
 * @param rows All with the same fields.
 * @param onConflict What follows the words `on conflict`; without it a row that is there already is an error.
 * @returns Nothing where there are no rows.
 */
export function insertInto<Table extends PgTable>(
  table: Table,
  rows: readonly Table['$inferInsert'][],
  onConflict?: SQL,
): SQL[] {
  const [first] = rows
  if (!first) return []
  const columns = Object.entries(getTableColumns(table)).filter(([field]) => Object.hasOwn(first, field))
  const names = columns.map(([, { name }]) => `"${name}"`).join(', ')
  const values = columns.map(([field, column]) => {
    const list = rows.map((row) => {
      const value: unknown = Reflect.get(row, field)
      return value == null ? null : column.mapToDriverValue(value)
    })
    return sql`${sql.param(list)}::${sql.raw(column.getSQLType())}[]`
  })
  const select = sql`select * from unnest(${sql.join(values, sql`, `)})`
  const conflict = onConflict ? sql` on conflict ${onConflict}` : sql``
  return [sql`insert into ${table} (${sql.raw(names)}) ${select}${conflict}`]
}

/** `(key) do update set …`: the row that is there becomes as the new one in all other columns. */
export function replaceBy(table: PgTable, key: readonly string[]): SQL {
  const columns = Object.values(getTableColumns(table)).map(({ name }) => name)
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')
  const set = columns.filter((name) => !key.includes(name)).map((name) => `"${name}" = excluded."${name}"`)
  return sql.raw(`(${quoted(key)}) do update set ${set.join(', ')}`)
}

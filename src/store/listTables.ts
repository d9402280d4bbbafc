import { type Client, escapeIdentifier } from 'pg'

/** The tables of our schema, the journal of migrations left out. */
export async function listTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = to_regnamespace('tocsin') and relkind = 'r' and relname <> 'migrations' order by relname`,
  )
  return rows.map(({ name }) => name)
}

/** Whether any table of our schema holds a row. */
export async function holdsData(client: Client): Promise<boolean> {
  for (const table of await listTables(client)) {
    const { rowCount } = await client.query(`select from tocsin.${escapeIdentifier(table)} limit 1`)
    if (rowCount) return true
  }
  return false
}

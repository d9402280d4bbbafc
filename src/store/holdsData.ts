import { type Client, escapeIdentifier } from 'pg'

/** Whether any table of our schema holds a row, the journal of migrations aside. */
export async function holdsData(client: Client): Promise<boolean> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = to_regnamespace('tocsin') and relkind = 'r' and relname <> 'migrations'`,
  )
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select from tocsin.${escapeIdentifier(name)} limit 1`)
    if (rowCount) return true
  }
  return false
}

import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Client, escapeIdentifier, type Pool } from 'pg'
import { to } from 'pg-copy-streams'
import { KnownError } from '../model/error.ts'
import { connectAlone } from './connectAlone.ts'
import { type DumpHeader, tableEnd } from './dumpFormat.ts'
import { explainDatabaseError } from './explainDatabaseError.ts'

/**
 * Writes all that the database holds into one file, as it is at one moment, while others go on writing to it. The file
 * appears whole or not at all; only its owner may read it.
 *
 * @throws KnownError: the file exists already, or the disk is full.
 */
export async function dump(pool: Pool, { file }: { file: string }): Promise<DumpHeader> {
  if (existsSync(file)) {
    throw new KnownError('conflict', `${file} exists already.`, {
      hints: ['Name another file, or move that one away.'],
    })
  }
  const draft = `${file}.${process.pid}.new`
  try {
    const header = await connectAlone(pool, async (client) => {
      await client.query('begin isolation level repeatable read, read only')
      await client.query(`set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'`)
      const found = await describeTables(client)
      const output = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true })
      await pipeline(Readable.from(writeTables(client, found), { objectMode: false }), createGzip({ level: 4 }), output)
      return found
    })
    await rename(draft, file)
    return header
  } catch (error) {
    throw explainDatabaseError(error, file)
  } finally {
    await rm(draft, { force: true })
  }
}

async function* writeTables(client: Client, header: DumpHeader): AsyncGenerator<string | Buffer> {
  yield `${JSON.stringify(header)}\n`
  for (const table of header.tables) {
    const rows = client.query(to(`copy ${copyTarget(table)} to stdout`))
    yield* rows
    yield `${tableEnd}${rows.rowCount}\n`
  }
}

/** A table with its columns, as `COPY` wants it named. */
export function copyTarget({ name, columns }: DumpHeader['tables'][number]): string {
  return `tocsin.${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`
}

/** What a dump of the database would hold now. Generated columns are left out: they cannot be written. */
async function describeTables(client: Client): Promise<DumpHeader> {
  const journal = await client.query<DumpHeader['migration']>(
    'select name, hash from tocsin.migrations order by number desc limit 1',
  )
  const [migration] = journal.rows
  if (!migration) throw new Error('The journal of migrations is empty.')
  return {
    format: 'tocsin-dump',
    version: 1,
    takenAt: new Date().toISOString(),
    migration,
    tables: await listColumns(client),
    sequences: await listSequences(client),
  }
}

export async function listColumns(client: Client): Promise<DumpHeader['tables']> {
  const { rows } = await client.query<{ name: string; columns: string[]; refers: string[] }>(
    `select relname as name,
      (select coalesce(json_agg(attname order by attnum), '[]') from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      (select coalesce(json_agg(other.relname), '[]') from pg_constraint join pg_class other on other.oid = confrelid
        where conrelid = pg_class.oid and contype = 'f') as refers
     from pg_class
     where relnamespace = to_regnamespace('tocsin') and relkind = 'r' and relname <> 'migrations'
     order by relname`,
  )
  const ordered = new Map<string, DumpHeader['tables'][number]>()
  const visit = (name: string, trail: readonly string[]) => {
    const table = rows.find((row) => row.name === name)
    if (!table || ordered.has(name) || trail.includes(name)) return
    for (const referred of table.refers) visit(referred, [...trail, name])
    ordered.set(name, { name, columns: table.columns })
  }
  for (const { name } of rows) visit(name, [])
  return [...ordered.values()]
}

/** Where each sequence stands; those never used are left out. */
async function listSequences(client: Client): Promise<DumpHeader['sequences']> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences
      where schemaname = 'tocsin' and last_value is not null and sequencename <> 'migrations_number_seq'
      order by sequencename`,
  )
  return rows
}

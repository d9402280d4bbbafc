import type { Client, Pool } from 'pg'
import { KnownError } from '../model/error.ts'
import { connectAlone } from './connectAlone.ts'
import { holdsData } from './holdsData.ts'
import { findMigrations, type Migration, readMigrations } from './readMigrations.ts'

type Options = {
  pool: Pool
  /** Folder of migrations; that of this program when absent. */
  folder?: string
  /** Called with its last migration before a database that holds data is changed. Throwing leaves it unchanged. */
  beforeChange?: (last: string) => Promise<void>
  onProgress?: ((text: string) => void) | undefined
}

/** Any number will do, as long as it stays the same. */
const lockId = 1_953_457_012

/**
 * Brings the database to the newest schema, in one transaction: all of it or nothing. Of several processes that start
 * at once, one migrates and the others wait.
 *
 * @returns The names of the migrations that were applied.
 * @throws KnownError `conflict`, with nothing changed, when the database is of a newer or of another program.
 */
export async function migrate({ pool, folder = findMigrations(), beforeChange, onProgress }: Options) {
  const known = await readMigrations(folder)
  return connectAlone(pool, async (client) => {
    await client.query('begin')
    await lockMigrations(client)
    const applied = await readApplied(client)
    const pending = pendingAfter(applied, known)
    if (pending.length > 0) {
      if (applied && (await holdsData(client))) await beforeChange?.(applied.at(-1)?.name ?? 'nothing')
      onProgress?.(`Bringing the database to ${pending.at(-1)?.name}.`)
      await applyMigrations(client, pending)
    }
    await client.query('commit')
    return pending.map(({ name }) => name)
  })
}

/** Lets one process at a time change the schema, until the end of the caller's transaction. */
export async function lockMigrations(client: Client): Promise<void> {
  await client.query(`set local lock_timeout = '60s'; select pg_advisory_xact_lock(${lockId})`)
}

/** Applies migrations in the caller's transaction and writes each into the journal. */
export async function applyMigrations(client: Client, migrations: readonly Migration[]): Promise<void> {
  for (const { name, hash, statements } of migrations) {
    for (const statement of statements) await client.query(statement)
    await client.query(`create table if not exists tocsin.migrations
      (number serial primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`)
    await client.query('insert into tocsin.migrations (name, hash) values ($1, $2)', [name, hash])
  }
}

type Applied = { name: string; hash: string }

/** What the journal says, oldest first; undefined where there is no schema of ours yet. */
export async function readApplied(client: Client): Promise<Applied[] | undefined> {
  const { rows } = await client.query<{ schema: boolean; journal: boolean }>(
    `select to_regnamespace('tocsin') is not null as schema, to_regclass('tocsin.migrations') is not null as journal`,
  )
  if (!rows[0]?.schema) return undefined
  if (rows[0].journal) {
    const journal = await client.query<Applied>('select name, hash from tocsin.migrations order by number')
    return journal.rows
  }
  throw new KnownError('conflict', 'The database has a schema named tocsin that is not of this program.', {
    hints: ['Let DATABASE_URL name another database.', 'Or rename that schema (alter schema tocsin rename to …).'],
  })
}

function pendingAfter(applied: readonly Applied[] = [], known: readonly Migration[]): Migration[] {
  for (const [index, { name, hash }] of applied.entries()) {
    const ours = known[index]
    if (ours === undefined) throw newer(name)
    if (ours.hash !== hash) throw foreign(name, ours.name)
  }
  return known.slice(applied.length)
}

function newer(name: string): KnownError {
  return new KnownError(
    'conflict',
    `The database is at migration ${name}, which this version of Tocsin does not know.`,
    {
      hints: [
        'Start the newer version that wrote it.',
        'Or restore the dump that was taken before the upgrade (in the directory dumps) into an empty database.',
      ],
    },
  )
}

function foreign(theirs: string, ours: string): KnownError {
  return new KnownError(
    'conflict',
    `The database was made by another build: its migration ${theirs} is not our ${ours}.`,
    {
      hints: [
        'Start the build that made it.',
        'Or begin with an empty database: move the data directory away, or let DATABASE_URL name another database.',
      ],
    },
  )
}

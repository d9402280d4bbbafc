import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, Pool } from 'pg'
import { from } from 'pg-copy-streams'
import { KnownError } from '../model/error.ts'
import { connectAlone } from './connectAlone.ts'
import { copyTarget, listColumns } from './dump.ts'
import type { DumpHeader } from './dumpFormat.ts'
import { explainDatabaseError } from './explainDatabaseError.ts'
import { holdsData } from './holdsData.ts'
import { applyMigrations, lockMigrations, migrate, readApplied } from './migrate.ts'
import { type DumpReader, readDump } from './readDump.ts'
import { findMigrations, type Migration, readMigrations } from './readMigrations.ts'

type Options = { file: string; folder?: string }

/**
 * Fills an empty database from a dump of this or an older version, in one transaction, and brings it to the newest
 * schema.
 *
 * @throws KnownError, with nothing changed: the database holds data, or the dump is damaged, newer or not ours.
 */
export async function restore(pool: Pool, { file, folder = findMigrations() }: Options): Promise<DumpHeader> {
  const reader = await readDump(file)
  try {
    const migrations = migrationsOf(reader.header, await readMigrations(folder))
    await connectAlone(pool, async (client) => {
      await client.query('begin')
      await lockMigrations(client)
      await makeEmptySchema(client, migrations)
      await fillTables(client, reader, file)
      await client.query('commit')
    })
  } catch (error) {
    throw explainDatabaseError(error, 'the database')
  } finally {
    reader.close()
  }
  await migrate({ pool, folder })
  return reader.header
}

/** The migrations up to that of the dump. */
function migrationsOf({ migration }: DumpHeader, known: readonly Migration[]): Migration[] {
  const index = known.findIndex(({ hash }) => hash === migration.hash)
  if (index >= 0) return known.slice(0, index + 1)
  throw new KnownError(
    'conflict',
    `The dump is of migration ${migration.name}, which this version of Tocsin does not know.`,
    { hints: ['Restore it with the version that wrote it, or a newer one.'] },
  )
}

async function makeEmptySchema(client: Client, migrations: readonly Migration[]): Promise<void> {
  if (await readApplied(client)) {
    if (await holdsData(client)) {
      throw new KnownError('conflict', 'The database is not empty; a dump is restored into an empty one only.', {
        hints: ['Let TOCSIN_DATA name a new directory, or DATABASE_URL a new database.'],
      })
    }
    await client.query('drop schema tocsin cascade')
  }
  await applyMigrations(client, migrations)
}

async function fillTables(client: Client, reader: DumpReader, file: string): Promise<void> {
  const { tables, sequences } = reader.header
  const text = (list: DumpHeader['tables']) => list.map(copyTarget).sort().join()
  if (text(tables) !== text(await listColumns(client))) throw unfit(file, 'its tables are not those of its migration')

  await client.query(`set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'`)
  for (const table of tables) {
    let expected = 0
    const rows = reader.rows()
    const copy = client.query(from(`copy ${copyTarget(table)} from stdin`))
    await pipeline(
      Readable.from(
        (async function* () {
          expected = yield* rows
        })(),
        { objectMode: false },
      ),
      copy,
    )
    if (copy.rowCount !== expected) throw unfit(file, `${table.name} has ${copy.rowCount} rows instead of ${expected}`)
  }
  for (const { name, value } of sequences) {
    await client.query('select setval(format($1, $2::text)::regclass, $3::bigint)', ['tocsin.%I', name, value])
  }
  await reader.finish()
}

function unfit(file: string, reason: string): KnownError {
  return new KnownError('invalid', `The dump ${file} was changed after it was written: ${reason}.`, {
    hints: ['Copy it again from where it was written, or take an older one.'],
  })
}

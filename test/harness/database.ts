import { randomBytes } from 'node:crypto'
import { getTableName, is } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { type Client, Pool } from 'pg'
import type { Database } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { findMigrations, readMigrations } from '../../src/store/readMigrations.ts'
import * as schema from '../../src/store/schema.ts'
import { connectTestServer } from './testServer.ts'

export type TestDatabase = {
  db: Database
  pool: Pool
  url: string
  /** Empties all tables: much sooner done than a new database, where a test needs nothing but that. */
  clear(): Promise<void>
  drop(): Promise<void>
}

/**
 * A database of its own in the run's PostgreSQL, at the newest schema and empty, in some 50 ms.
 *
 * @param empty True: without our schema, as a new database is.
 */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const { client, url: serverUrl } = await connectTestServer()
  try {
    const name = `test_${randomBytes(6).toString('hex')}`
    const template = empty ? 'template1' : await ensureTemplate(client, serverUrl)
    await client.query(`create database ${name} template ${template} owner tocsin`)
    const url = urlOf(serverUrl, name)
    const pool = openPool(url)
    return { db: drizzle(pool, { schema }), pool, url, clear: () => clear(pool), drop: () => drop(pool, name) }
  } finally {
    await client.end()
  }
}

/** A migrated database, made once per run and set of migrations, by whichever process comes first. */
async function ensureTemplate(client: Client, serverUrl: string): Promise<string> {
  const migrations = await readMigrations(findMigrations())
  const name = `template_${migrations.at(-1)?.hash.slice(0, 12)}`
  await client.query('select pg_advisory_lock(2)')
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return name
    const draft = `draft_${randomBytes(6).toString('hex')}`
    await client.query(`create database ${draft} owner tocsin`)
    const pool = openPool(urlOf(serverUrl, draft))
    await migrate({ pool }).finally(() => pool.end())
    await client.query(`alter database ${draft} rename to ${name}`)
    return name
  } finally {
    await client.query('select pg_advisory_unlock(2)')
  }
}

async function clear(pool: Pool): Promise<void> {
  const tables = Object.values(schema).filter((each) => is(each, PgTable))
  const names = tables.map((table) => `"${getTableConfig(table).schema}"."${getTableName(table)}"`)
  await pool.query(`truncate ${names.join(', ')} restart identity`)
}

async function drop(pool: Pool, name: string): Promise<void> {
  await pool.end()
  const { client } = await connectTestServer()
  await client.query(`drop database ${name} with (force)`).finally(() => client.end())
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

function openPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 10, statement_timeout: 20_000 })
  pool.on('error', () => {})
  return pool
}

import { Pool } from 'pg'
import { openEmbedded } from './postgres/openEmbedded.ts'
import { reachServer } from './reachServer.ts'
import { findMigrations, readMigrations } from './readMigrations.ts'

/** What support asks about a database first. Nothing of what people wrote or were sent, and no secret. */
export type DatabaseInspection = {
  /** Where it is. */
  description: string
  version: string
  bytes: number
  migrations: { applied: { name: string; at: string }[]; pending: string[]; unknown: string[] }
  /** Rows are counted up to a million. */
  tables: { name: string; rows: number; bytes: number }[]
  /** Empty, as all that follows, where the schema is not of this version. */
  cursors: { chainId: number; lane: string; block: number; at: string }[]
  blindness: { chainId: number; monitor: string; reason: string; since: string; blocks: number }[]
  outbox: { channel: string; state: string; messages: number; oldest: string }[]
  /** The last that were given up, without their words. */
  dead: { channel: string; kind: string; attempts: number; error: string | null; at: string }[]
}

const rowsMax = 1_000_000
const deadMax = 50
const blindMax = 200
/** Whoever asks what is wrong sits there and waits. */
const startMs = 60_000
const answerMs = 5_000

/**
 * Looks at a database without changing it: it is not migrated, and Tocsin may be at work on it meanwhile. An embedded
 * server that does not run is started, and stopped again.
 * @throws {KnownError} It cannot be reached.
 */
export async function inspectDatabase(where: {
  dataDirectory: string
  url?: string | undefined
}): Promise<DatabaseInspection> {
  const { dataDirectory, url } = where
  const server =
    url === undefined ? await openEmbedded({ dataDirectory, beside: true, patienceMs: startMs }) : undefined
  const connectionString = server?.url ?? url ?? ''
  const pool = new Pool({
    connectionString,
    application_name: 'tocsin doctor',
    max: 2,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 20_000,
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', () => {})
  try {
    const reached = await reachServer({ pool, url: connectionString, patienceMs: answerMs })
    return await inspect(pool, server?.description ?? reached)
  } finally {
    await pool.end()
    await server?.stop()
  }
}

async function inspect(pool: Pool, description: string): Promise<DatabaseInspection> {
  const rows = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows
  const [about] = await rows<{ version: string; bytes: string }>(
    `select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`,
  )
  const tables = await rows<{ name: string; bytes: string }>(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class
     where relkind = 'r' and relnamespace = to_regnamespace('tocsin') order by relname`,
  )
  const counted: DatabaseInspection['tables'] = []
  for (const { name, bytes } of tables) {
    const table = `tocsin."${name.replaceAll('"', '""')}"`
    const [count] = await rows<{ rows: string }>(
      `select count(*) as rows from (select from ${table} limit ${rowsMax}) as counted`,
    )
    counted.push({ name, rows: Number(count?.rows), bytes: Number(bytes) })
  }
  const migrations = await inspectMigrations(
    pool,
    tables.some(({ name }) => name === 'migrations'),
  )
  const isOurs = migrations.applied.length > 0 && migrations.pending.length + migrations.unknown.length === 0
  return {
    description,
    version: about?.version ?? '',
    bytes: Number(about?.bytes),
    migrations,
    tables: counted,
    ...(isOurs ? await inspectWork(pool) : { cursors: [], blindness: [], outbox: [], dead: [] }),
  }
}

async function inspectMigrations(pool: Pool, isThere: boolean): Promise<DatabaseInspection['migrations']> {
  const known = await readMigrations(findMigrations())
  const { rows } = isThere
    ? await pool.query<{ name: string; hash: string; at: Date }>(
        'select name, hash, applied_at as at from tocsin.migrations order by number',
      )
    : { rows: [] }
  return {
    applied: rows.map(({ name, at }) => ({ name, at: at.toISOString() })),
    pending: known.slice(rows.length).map(({ name }) => name),
    unknown: rows.filter(({ hash }, index) => known[index]?.hash !== hash).map(({ name }) => name),
  }
}

type Work = Pick<DatabaseInspection, 'cursors' | 'blindness' | 'outbox' | 'dead'>

async function inspectWork(pool: Pool): Promise<Work> {
  const cursors = await pool.query<{ chain_id: string; lane: string; block_number: string; timestamp: string }>(
    'select chain_id, lane, block_number, timestamp from tocsin.cursors order by chain_id, lane limit 1000',
  )
  const blindness = await pool.query<{
    chain_id: string
    monitor: string
    reason: string
    since: Date
    blocks: number
  }>(`select chain_id, monitor, reason, since, blocks from tocsin.blindness order by since limit ${blindMax}`)
  const outbox = await pool.query<{ channel: string; state: string; messages: string; oldest: Date }>(
    `select channel, state, count(*) as messages, min(created_at) as oldest from tocsin.messages
     group by channel, state order by channel, state limit 1000`,
  )
  const dead = await pool.query<{
    channel: string
    kind: string
    attempts: number
    last_error: string | null
    created_at: Date
  }>(
    `select channel, kind, attempts, last_error, created_at from tocsin.messages
     where state = 'dead' order by created_at desc limit ${deadMax}`,
  )
  return {
    cursors: cursors.rows.map((row) => ({
      chainId: Number(row.chain_id),
      lane: row.lane,
      block: Number(row.block_number),
      at: new Date(Number(row.timestamp) * 1000).toISOString(),
    })),
    blindness: blindness.rows.map(({ chain_id, since, ...row }) => ({
      ...row,
      chainId: Number(chain_id),
      since: since.toISOString(),
    })),
    outbox: outbox.rows.map(({ messages, oldest, ...row }) => ({
      ...row,
      messages: Number(messages),
      oldest: oldest.toISOString(),
    })),
    dead: dead.rows.map(({ channel, kind, attempts, last_error, created_at }) => ({
      channel,
      kind,
      attempts,
      error: last_error,
      at: created_at.toISOString(),
    })),
  }
}

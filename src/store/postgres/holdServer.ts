import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { KnownError } from '../../model/error.ts'
import { administrator, type Cluster, socketPort } from './cluster.ts'
import { diskFull } from './explainFileError.ts'
import { findPostmaster } from './findPostmaster.ts'
import { readLog, type Settings, type Started, startServer } from './startServer.ts'

type Options = { settings?: Settings; patienceMs?: number; onProgress?: ((text: string) => void) | undefined }

/** The administrator's connection, and whether it holds the data directory; the lock goes when the connection does. */
export type Hold = { client: Client; holds: boolean; holder: string }

/** Any number will do, as long as it stays the same. */
const lockId = 1_953_457_011

/**
 * Connects to the server, starting it if none runs, and tries to take the lock of the data directory.
 *
 * The lock is one of PostgreSQL's, bound to our connection: the system ends it with our process, so it is never stale
 * and no process id is ever mistaken. Of several processes that start at once, PostgreSQL lets one start the server;
 * the others find it.
 *
 * @throws KnownError: it does not start or answer, or the password does not fit.
 */
export async function holdServer(cluster: Cluster, options: Options = {}): Promise<Hold> {
  const { settings = {}, patienceMs = 120_000, onProgress } = options
  const deadline = performance.now() + patienceMs
  let started: Started | undefined
  let told = false
  for (;;) {
    const client = await knock(cluster)
    if (client) return takeLock(client)
    const running = await findPostmaster(cluster)
    if (running === undefined && started?.ended) await checkFailedStart(cluster, started)
    if (started?.ended) started = undefined
    if (running === undefined && !started) {
      onProgress?.('Starting the database.')
      started = await startServer(cluster, settings)
    }
    const left = deadline - performance.now()
    if (left <= 0) throw noAnswer(cluster, running)
    if (left < patienceMs - 10_000 && !told) {
      told = true
      onProgress?.('Waiting for the database, which may be recovering from a crash.')
    }
    await Promise.race([delay(25), ...(started ? [started.end] : [])])
  }
}

/** @throws The reason in the words of its log, unless it passes by itself. */
async function checkFailedStart(cluster: Cluster, started: Started): Promise<void> {
  const lines = await readLog(cluster, started)
  const said = (words: string) => lines.some((line) => line.includes(words))
  // Children of a killed server take a moment to notice; another process may have been faster than we.
  if (said('is still in use') || said('"postmaster.pid" already exists')) return void (await delay(200))
  if (said('No space left on device')) throw diskFull(cluster.home)
  throw new KnownError('unavailable', `The database in ${cluster.home} does not start: ${lines.join(' | ')}`, {
    hints: [`Read ${cluster.log}.`],
  })
}

/** Undefined: nobody answers there yet. */
async function knock(cluster: Cluster): Promise<Client | undefined> {
  const client = new Client({
    host: cluster.socketDirectory,
    port: socketPort,
    user: administrator,
    database: administrator,
    password: cluster.password,
    application_name: `tocsin ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  })
  // Until somebody listens: a connection that breaks is told to whoever waits for an answer of it.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === '28P01') throw wrongPassword(cluster)
    if (code === 'EACCES')
      throw new KnownError('forbidden', `The socket in ${cluster.socketDirectory} is closed to us.`)
    // No socket yet, or the server says that it starts, stops, or has no connection left.
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') return undefined
    if (code === '57P03' || code === '53300' || code === undefined) return undefined
    throw error
  }
}

async function takeLock(client: Client): Promise<Hold> {
  const { rows } = await client.query<{ holds: boolean; holder: string | null }>(
    `select pg_try_advisory_lock($1) as holds,
      (select application_name from pg_stat_activity join pg_locks using (pid)
       where locktype = 'advisory' and objid = $1 and granted and pid <> pg_backend_pid() limit 1) as holder`,
    [lockId],
  )
  const { holds = false, holder } = rows[0] ?? {}
  return { client, holds, holder: holder?.replace('tocsin ', 'process ') ?? 'another process' }
}

function wrongPassword({ home }: Cluster): KnownError {
  return new KnownError('conflict', `The password in ${home}/password does not open the database beside it.`, {
    hints: ['Put the file back from a backup.', 'Or restore a dump into a new data directory.'],
  })
}

function noAnswer({ home, log }: Cluster, pid: number | undefined): KnownError {
  return new KnownError('unavailable', `The database in ${home} does not answer${pid ? ` (process ${pid})` : ''}.`, {
    hints: [`Read ${log}: it may be recovering from a crash; then start again in a while.`],
    retryable: true,
  })
}

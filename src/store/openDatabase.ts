import { setTimeout as delay } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import type { KnownError } from '../model/error.ts'
import type { Database } from './database.ts'
import { dumpBefore } from './dumpBefore.ts'
import { explainDatabaseError } from './explainDatabaseError.ts'
import { migrate } from './migrate.ts'
import { openEmbedded } from './postgres/openEmbedded.ts'
import { reachServer } from './reachServer.ts'
import * as schema from './schema.ts'

type Options = {
  /** Holds the embedded server and the dumps that are taken before migrations. */
  dataDirectory: string
  /** Of a PostgreSQL server; the embedded one is started when it is absent or empty. */
  url?: string | undefined
  /** For short commands: when another process of ours holds the data directory, work beside it. */
  beside?: boolean
  /** How long a server named by `url` may take until it answers, in milliseconds. */
  patienceMs?: number
  /** Told in one sentence what takes its time. */
  onProgress?: (text: string) => void
  logger?: Logger
}

type Logger = { warn(fields: object, text: string): void; error(fields: object, text: string): void }

export type OpenDatabase = {
  db: Database
  pool: Pool
  /** Connects another process of ours to the same database. Secret. */
  url: string
  /** For people and logs: where the database is, without any secret. */
  description: string
  /** Resolves when the embedded server is gone for good; never for a server named by `url`, which may come back. */
  lost: Promise<KnownError>
  /** Ends the connections, and the embedded server if it is ours. */
  close(): Promise<void>
}

/**
 * Opens the database, ready for use: started, reached, and at the newest schema.
 *
 * @throws KnownError: the data directory is in use, the server is not reached, the disk is full, the database is of a
 * newer or another program.
 */
export async function openDatabase(options: Options): Promise<OpenDatabase> {
  const { dataDirectory, logger, onProgress, patienceMs } = options
  const { promise: lost, resolve: onLost } = Promise.withResolvers<KnownError>()
  const server = options.url ? undefined : await openEmbedded({ ...options, patienceMs: 120_000, onLost })
  const url = server?.url ?? options.url ?? ''
  const pool = openPool(url, logger)
  const close = async () => {
    await endPool(pool)
    await server?.stop()
  }
  try {
    const description = server?.description ?? (await reachServer({ pool, url, patienceMs, onProgress }))
    await migrate({
      pool,
      beforeChange: (last) => dumpBefore({ pool, dataDirectory, last, onProgress }),
      onProgress,
    })
    return { db: drizzle(pool, { schema }), pool, url, description, lost, close }
  } catch (error) {
    await close()
    throw explainDatabaseError(error, dataDirectory)
  }
}

function openPool(connectionString: string, logger: Logger | undefined): Pool {
  const pool = new Pool({
    connectionString,
    application_name: `tocsin ${process.pid}`,
    max: 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    lock_timeout: 30_000,
    statement_timeout: 60_000,
    // Ours, where the server's own limit does not reach us because the network is dead.
    query_timeout: 70_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  })
  // Without a listener, a connection that breaks while idle would end the process. The next query makes a new one.
  pool.on('error', (error) => logger?.warn({ error }, 'A connection to the database broke.'))
  return pool
}

/** Waits for those who still hold a connection, but not for ever. */
async function endPool(pool: Pool): Promise<void> {
  if (!pool.ending) await Promise.race([pool.end(), delay(5_000, undefined, { ref: false })])
}

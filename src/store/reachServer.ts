import { setTimeout as delay } from 'node:timers/promises'
import { Client, type Pool } from 'pg'
import { KnownError } from '../model/error.ts'

type Options = {
  pool: Pool
  url: string
  patienceMs?: number | undefined
  onProgress?: ((text: string) => void) | undefined
}

/**
 * Waits until the server that a URL names answers, and checks that we can work with it.
 *
 * @returns Where it is, without any secret.
 * @throws KnownError: it does not answer within `patienceMs`, refuses us, or is too old.
 */
export async function reachServer({ pool, url, patienceMs = 15_000, onProgress }: Options): Promise<string> {
  const description = describeServer(url)
  const deadline = performance.now() + patienceMs
  let told = false
  for (;;) {
    try {
      await checkServer(pool, description)
      return description
    } catch (error) {
      if (error instanceof KnownError) throw error
      const refusal = explainRefusal(error, description)
      if (refusal) throw refusal
      if (performance.now() >= deadline) throw unreachable(description, error)
      if (!told) onProgress?.(`Waiting for ${description}.`)
      told = true
      await delay(Math.min(500, deadline - performance.now()))
    }
  }
}

function describeServer(url: string): string {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('Not a URL of PostgreSQL.')
    const { host, port, database } = new Client({ connectionString: url })
    return `PostgreSQL at ${host}:${port}/${database}`
  } catch {
    // Its error may quote the URL, and with it the password.
    throw new KnownError('invalid', 'DATABASE_URL is not the URL of a PostgreSQL database.', {
      hints: ['Write it as postgresql://user:password@host:5432/database; percent-encode special characters.'],
    })
  }
}

async function checkServer(pool: Pool, description: string): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string; read_only: boolean }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      current_setting('transaction_read_only')::boolean as read_only`,
  )
  const { version = 0, encoding = '', read_only = false } = rows[0] ?? {}
  if (version < 140_000) {
    const named = `${Math.floor(version / 10_000)}`
    throw new KnownError('conflict', `${description} is of version ${named}; Tocsin needs 14 or newer.`, {
      hints: ['Upgrade the server, or let DATABASE_URL name a newer one.'],
    })
  }
  if (encoding !== 'UTF8') {
    throw new KnownError('conflict', `${description} stores text as ${encoding}; Tocsin needs UTF8.`, {
      hints: ["Make a database for it: create database tocsin encoding 'UTF8' template template0."],
    })
  }
  if (read_only) {
    throw new KnownError('conflict', `${description} can only be read.`, {
      hints: ['Let DATABASE_URL name the primary server, not a standby.'],
    })
  }
}

/** A refusal that waiting does not change. */
function explainRefusal(error: unknown, description: string): KnownError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = error instanceof Error ? error.message : ''
  if (code === '3D000') {
    return new KnownError('not_found', `${description} does not exist.`, { hints: ['Make it: create database ….'] })
  }
  if (code.startsWith('28')) {
    return new KnownError('forbidden', `${description} refuses us: ${reason}.`, {
      hints: ['Check the user, the password and the TLS options in DATABASE_URL.'],
    })
  }
  if (/CERT|SSL|TLS/i.test(code) || /SSL connections/.test(reason)) {
    return new KnownError('forbidden', `No secure connection to ${description}: ${reason}.`, {
      hints: ['Give sslmode and sslrootcert in DATABASE_URL as the server needs them.'],
    })
  }
  return undefined
}

function unreachable(description: string, cause: unknown): KnownError {
  const reason = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : '') : ''
  return new KnownError('unavailable', `${description} does not answer: ${reason || 'no reason given'}.`, {
    cause,
    hints: ['Check that it runs and that DATABASE_URL names its host and port.'],
    retryable: true,
  })
}

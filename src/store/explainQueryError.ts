import { DrizzleQueryError } from 'drizzle-orm'
import { KnownError } from '../model/error.ts'

/** Codes of PostgreSQL for a server that is stopping, starting or gone, and of the system for one that is not there. */
const gone = /^(08...|57P0.|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND)$/
/** What the driver says without a code. */
const cut = /Connection terminated|timeout exceeded when trying to connect|Query read timeout/i

/**
 * Why a query failed while Tocsin runs, where that is the state of the database and no mistake of ours; any other error
 * as it is. The query itself is left out: its values may be anybody's words.
 */
export function explainQueryError(error: unknown): unknown {
  if (error instanceof KnownError) return error
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  if (!(cause instanceof Error)) return error
  const code = 'code' in cause ? String(cause.code) : ''
  const known = (message: string, ...hints: string[]) =>
    new KnownError('unavailable', message, { cause, hints, retryable: true })
  if (code === '53100')
    return known(
      'The disk of the database is full, so nothing can be committed.',
      'Make room; Tocsin goes on by itself.',
    )
  if (code === '25006')
    return known(
      'The database can only be read: it is a standby, or set to read-only.',
      'Let DATABASE_URL name the primary server.',
    )
  if (code === '53300')
    return known('The database takes no more connections.', 'Raise max_connections, or close others.')
  if (gone.test(code) || cut.test(cause.message)) {
    return known(
      'The database does not answer, so nothing can be committed.',
      'Tocsin goes on by itself when it is back.',
    )
  }
  return error
}

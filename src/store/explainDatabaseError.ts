import { KnownError } from '../model/error.ts'
import { diskFull, explainFileError } from './postgres/explainFileError.ts'

/** What the server or the system refuses for a reason that people can remove, with the way out; any other error as it is. */
export function explainDatabaseError(error: unknown, path: string): unknown {
  switch (error instanceof Error && 'code' in error && error.code) {
    case '53100':
      return diskFull(path, error)
    case '42501':
      return new KnownError('forbidden', `The database refuses what Tocsin needs: ${describe(error)}.`, {
        cause: error,
        hints: ['Let the role of DATABASE_URL own its database (alter database … owner to …) or the schema tocsin.'],
      })
    case '25006':
      return new KnownError('unavailable', 'The database can only be read: it is a standby, or set to read-only.', {
        cause: error,
        hints: ['Let DATABASE_URL name the primary server.'],
      })
    case '55P03':
      return new KnownError('unavailable', 'Another process has been changing the database for a minute.', {
        cause: error,
        hints: ['Wait until it is done, and start again.'],
        retryable: true,
      })
    default:
      return explainFileError(error, path)
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

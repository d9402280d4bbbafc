import { KnownError } from '../../model/error.ts'

const elsewhere = 'Or let TOCSIN_DATA name a directory on another disk.'

/** A full, read-only or forbidden disk as a sentence with a way out; any other error as it is. */
export function explainFileError(error: unknown, path: string): unknown {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path, error)
    case 'EROFS':
      return new KnownError('unavailable', `${path} cannot be written: its file system is read-only.`, {
        cause: error,
        hints: ['Mount it for writing.', elsewhere],
      })
    case 'EACCES':
    case 'EPERM':
      return new KnownError('forbidden', `${path} cannot be used by the user that runs Tocsin.`, {
        cause: error,
        hints: [`Start Tocsin as the owner of ${path}, or give it to this user (chown -R).`, elsewhere],
      })
    default:
      return error
  }
}

export function diskFull(path: string, cause?: unknown): KnownError {
  return new KnownError('unavailable', `No space is left on the disk of ${path}.`, {
    cause,
    hints: ['Free some space there and start again; nothing is lost.', elsewhere],
    retryable: true,
  })
}

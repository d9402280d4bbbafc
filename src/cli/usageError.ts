import { KnownError } from '../model/error.ts'

/** The command line was not understood: the program ends with code 2. */
export class UsageError extends KnownError {
  constructor(message: string, hints: readonly string[] = []) {
    super('invalid', message, { hints })
  }
}

import { KnownError } from '../../model/error.ts'

/** The data is not what the ABI says. Whoever wrote it may have meant to hide something: never treat it as "no match". */
export class UndecodableError extends KnownError {
  constructor(message: string) {
    super('invalid', message, {
      hints: ['Compare the ABI of the contract in the config with the code that is deployed there.'],
    })
  }
}

import { KnownError } from '../../model/error.ts'

type Details = { wasDead?: boolean; isAbsent?: boolean; hint?: string | undefined }

/** A condition cannot be said in our rules. */
export class NotCarried extends KnownError {
  /** It could not be judged where it comes from either, so that nothing is lost but an illusion. */
  readonly wasDead: boolean
  /** The contract does not know what it is about; another one of the monitor may. */
  readonly isAbsent: boolean

  constructor(message: string, { wasDead = false, isAbsent = false, hint }: Details = {}) {
    super('invalid', message, hint === undefined ? {} : { hints: [hint] })
    this.wasDead = wasDead
    this.isAbsent = isAbsent
  }
}

/** Such a mistake in a condition was never noticed: the condition failed each time, and that was logged. */
export function dead(message: string, hint?: string): NotCarried {
  return new NotCarried(message, { wasDead: true, hint })
}

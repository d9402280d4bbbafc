import { KnownError } from '../../model/error.ts'

/**
 * A condition cannot be said in our rules. `wasDead`: it could not be judged where it comes from either, so that nothing
 * is lost but an illusion.
 */
export class NotCarried extends KnownError {
  readonly wasDead: boolean

  constructor(message: string, { wasDead = false, hint }: { wasDead?: boolean; hint?: string | undefined } = {}) {
    super('invalid', message, hint === undefined ? {} : { hints: [hint] })
    this.wasDead = wasDead
  }
}

/** Such a mistake in a condition was never noticed: the condition failed each time, and that was logged. */
export function dead(message: string, hint?: string): NotCarried {
  return new NotCarried(message, { wasDead: true, hint })
}

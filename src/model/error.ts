export type ErrorCode = 'not_found' | 'invalid' | 'conflict' | 'forbidden' | 'unavailable'

type Details = { cause?: unknown; hints?: readonly string[]; retryable?: boolean }

/**
 * The one base of all errors that we raise on purpose.
 *
 * The message is one sentence with the value concerned and without any secret; `hints` say what to do;
 * `retryable` tells whether the same call may go well later.
 */
export class KnownError extends Error {
  readonly code: ErrorCode
  readonly hints: readonly string[]
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, { cause, hints = [], retryable = false }: Details = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.name = new.target.name
    this.code = code
    this.hints = hints
    this.retryable = retryable
  }
}

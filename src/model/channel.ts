import type { z } from 'zod'
import { type ErrorCode, KnownError } from './error.ts'
import type { Message } from './message.ts'

export type Delivery<Options> = { message: Message; options: Options; signal: AbortSignal }

/** A way to people. It may repeat itself: who receives can tell by the message's id. */
export type Channel<Options> = {
  /** Kebab case, as written after `use:`. */
  id: string
  title: string
  /** What it looks like for those who receive, and what they must set up. */
  manual: string
  options: z.ZodType<Options>
  /** Most messages a minute that the service takes from us. */
  perMinute: number
  /**
   * Resolves when the other side has taken the message.
   * @throws {DeliveryError} It has not.
   */
  send(delivery: Delivery<Options>): Promise<void>
}

export type AnyChannel = Channel<unknown>

/** A message was not taken. `retryable` decides whether it is tried again; `retryAfterMs` is the other side's wish. */
export class DeliveryError extends KnownError {
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    details: {
      retryable: boolean
      retryAfterMs?: number
      cause?: unknown
      hints?: readonly string[]
      code?: ErrorCode
    },
  ) {
    super(details.code ?? 'unavailable', message, details)
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Makes a channel ready for the list of what is built in. */
export function defineChannel<Options>(channel: Channel<Options>): Channel<Options> {
  return channel
}

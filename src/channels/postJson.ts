import { type FetchAnswer, guardedFetch } from '../lib/guardedFetch.ts'
import { piecesOfUrl } from '../lib/hideSecrets.ts'
import { DeliveryError } from '../model/channel.ts'
import { KnownError } from '../model/error.ts'
import { refusal } from './refusal.ts'

export type Post = {
  /** Name of the service, for errors. */
  service: string
  url: string
  body: string
  headers?: Record<string, string>
  /** What must not appear in an error even if the service repeats it; the URL is on the list anyway. */
  secrets?: readonly string[]
  /** Whether an answer of 2xx means yes, where the service also refuses with such a status. */
  accepts?: (answer: FetchAnswer) => boolean
  allowPrivate: boolean
  signal: AbortSignal
}

/**
 * Posts JSON to a service, which takes it.
 *
 * @throws {DeliveryError} There is no answer, or one that does not say yes.
 */
export async function postJson({
  service,
  url,
  body,
  headers,
  secrets = [],
  accepts,
  allowPrivate,
  signal,
}: Post): Promise<void> {
  const answer = await reach(service, url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    allowPrivate,
    signal,
  })
  const taken = answer.status >= 200 && answer.status < 300 && (accepts?.(answer) ?? true)
  if (!taken) throw refusal(answer, { service, secrets: [...secrets, ...piecesOfUrl(url)] })
}

async function reach(
  service: string,
  url: string,
  options: Parameters<typeof guardedFetch>[1] & object,
): Promise<FetchAnswer> {
  if (!options.allowPrivate && url.startsWith('http:')) {
    throw new DeliveryError(
      `${service} is not told: its URL starts with http:, so anybody on the way could read along.`,
      {
        retryable: false,
        code: 'invalid',
        hints: ['Use https, or say `allowPrivateAddress: true` for a host of your own network.'],
      },
    )
  }
  try {
    return await guardedFetch(url, options)
  } catch (cause) {
    if (!(cause instanceof KnownError)) throw cause
    throw new DeliveryError(`${service} is not told: ${cause.message}`, {
      retryable: cause.retryable,
      code: cause.code,
      hints: cause.hints,
      cause,
    })
  }
}

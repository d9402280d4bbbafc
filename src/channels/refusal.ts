import type { FetchAnswer } from '../lib/guardedFetch.ts'
import { hideSecrets } from '../lib/hideSecrets.ts'
import { plainText } from '../lib/plainText.ts'
import { DeliveryError } from '../model/channel.ts'
import type { ErrorCode } from '../model/error.ts'

type Said = { words: string; retryAfterSeconds: number | undefined }

const retryAfterMaxMs = 3_600_000

/** What an answer means for the message: whether it may be tried again, when, and why not in the service's own words. */
export function refusal(
  answer: FetchAnswer,
  { service, secrets }: { service: string; secrets: readonly string[] },
): DeliveryError {
  const { status } = answer
  const said = whatIsSaid(hideSecrets(answer.body.toString(), secrets))
  // Once more, as reading the JSON takes away what may have disguised them.
  const words = plainText(hideSecrets(said.words, secrets), 300)
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500
  const retryAfterMs = said.retryAfterSeconds === undefined ? headerMs(answer) : said.retryAfterSeconds * 1000
  return new DeliveryError(`${service} answered ${status}${words ? `: ${words}` : '.'}`, {
    retryable,
    code: retryable ? 'unavailable' : (codes[status] ?? 'invalid'),
    hints: hints[status] ?? (status >= 300 && status < 400 ? ['Redirects are not followed: give the final URL.'] : []),
    ...(retryable && retryAfterMs !== undefined
      ? { retryAfterMs: Math.min(Math.max(0, Math.ceil(retryAfterMs)), retryAfterMaxMs) }
      : {}),
  })
}

const codes: Record<number, ErrorCode> = { 401: 'forbidden', 403: 'forbidden', 404: 'not_found', 410: 'not_found' }

const gone = ['The URL or the place that it leads to no longer exists: make a new one and put it into the secret.']
const denied = ['Check the token, and that its owner may write there.']
const hints: Record<number, string[]> = { 401: denied, 403: denied, 404: gone, 410: gone }

/** The sentence within the answer: `description` at Telegram, `message` and `errors` elsewhere, or the plain text. */
function whatIsSaid(body: string): Said {
  const json = parseObject(body)
  if (!json) return { words: body, retryAfterSeconds: undefined }
  const { description, message, error, errors, parameters, retry_after } = json
  const words = [description, message, error, errors]
    .filter((part) => part !== undefined)
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
  const wish =
    parameters && typeof parameters === 'object' && 'retry_after' in parameters ? parameters.retry_after : retry_after
  return {
    words: words.length > 0 ? words.join(' ') : body,
    retryAfterSeconds: typeof wish === 'number' ? wish : undefined,
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** `Retry-After`: seconds, or a date. */
function headerMs({ headers }: FetchAnswer): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? ms : undefined
}

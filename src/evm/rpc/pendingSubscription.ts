import type { PendingListener } from './transport.ts'

/** Ids that no other request of ours ever has, as those are counted up from 1. */
const [wholeId, hashesId] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1]
const question = (id: number, params: readonly unknown[]) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_subscribe', params })

/** Asks to be told of whole transactions; some give their hashes all the same. */
export const pendingQuestion = question(wholeId, ['newPendingTransactions', true])
const hashesQuestion = question(hashesId, ['newPendingTransactions'])

/**
 * Whether this is an answer to the question, of which the listener hears. Who refuses whole transactions is asked for their
 * hashes first.
 * @param key The id of the answer.
 */
export function answersPending(
  key: string,
  answer: unknown,
  listener: PendingListener | undefined,
  send: (question: string) => void,
): boolean {
  const isWhole = key === String(wholeId)
  if (!isWhole && key !== String(hashesId)) return false
  const error = errorIn(answer)
  if (error !== null && isWhole) send(hashesQuestion)
  else listener?.answered(error)
  return true
}

/** What a notice tells. */
export const noticeOf = (notice: unknown): unknown =>
  (Object(notice) as { params?: { result?: unknown } | null }).params?.result

/** A hash, or what has a sender: heads are and have neither. */
export function tellsPending(notice: unknown): boolean {
  const told = noticeOf(notice)
  return typeof told === 'string' || (typeof told === 'object' && told !== null && 'from' in told)
}

/** What a refusal says; null: it is none. */
function errorIn(answer: unknown): string | null {
  const { error } = Object(answer) as { error?: { message?: unknown } | null }
  if (!error) return null
  return typeof error.message === 'string' ? error.message.slice(0, 300) : 'no message'
}

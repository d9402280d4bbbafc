/** A call that was answered with a refusal, in the words of the server. */
export class Refusal extends Error {
  readonly status: number
  readonly hints: readonly string[]

  constructor(status: number, message: string, hints: readonly string[]) {
    super(message)
    this.status = status
    this.hints = hints
  }
}

/**
 * Calls the API.
 *
 * @param body Given: it is a POST.
 * @throws {Refusal} The server refused.
 * @throws {TypeError | DOMException} It did not answer, or not within eight seconds.
 */
export async function call<Answer = void>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    cache: 'no-store',
    signal: AbortSignal.timeout(8000),
  })
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined)
  if (response.ok) return answer as Answer
  const { message, data } = (answer ?? {}) as { message?: string; data?: { hints?: string[] } }
  throw new Refusal(response.status, message ?? `The server refused (${response.status}).`, data?.hints ?? [])
}

import type { ProviderStatus } from '../../model/status.ts'
import type { RpcError } from './rpcError.ts'

const restMsMin = 500
const restMsMax = 30_000

/** What we know of a provider from its answers: whether to ask it, and what to show of it. */
export type ProviderHealth = {
  /** It gave an answer; one that was itself an error counts as an answer. */
  answered(latencyMs: number): void
  /** It gave none, or one that cannot be true. Each fault in a row doubles its rest; serving another chain ends it. */
  failed(error: RpcError): void
  sawHead(number: number): void
  /** When to ask it again, in milliseconds of `performance.now()`; 0: at once; infinite: never. */
  restUntil(): number
  status(): ProviderStatus
}

export function createProviderHealth(host: string): ProviderHealth {
  const status: ProviderStatus = {
    host,
    state: 'untried',
    head: null,
    requests: 0,
    errors: 0,
    latencyMs: null,
    lastError: null,
  }
  let failures = 0
  let restUntil = 0

  return {
    answered(latencyMs) {
      if (status.state === 'refused') return
      status.requests++
      status.latencyMs = Math.round(latencyMs)
      status.state = 'ok'
      failures = 0
      restUntil = 0
    },
    failed(error) {
      if (status.state === 'refused') return
      status.requests++
      status.errors++
      status.lastError = error.message
      status.state = error.fault === 'wrong chain' ? 'refused' : 'failing'
      const restMs = Math.min(restMsMin * 2 ** Math.min(failures++, 10), restMsMax)
      restUntil = performance.now() + Math.max(restMs, error.retryAfterMs ?? 0)
    },
    sawHead(number) {
      status.head = number
    },
    restUntil: () => (status.state === 'refused' ? Number.POSITIVE_INFINITY : restUntil),
    status: () => ({ ...status }),
  }
}

import type { ProviderStatus } from '../../model/status.ts'
import type { RpcError } from './rpcError.ts'

const restMsMin = 500
const restMsMax = 30_000
/** After this the provider of another chain is asked once more which chain it serves. */
const refusalMs = 300_000
/** For how long a provider that told an untruth is asked only where no other answers. */
const distrustMs = 600_000

/** What we know of a provider from its answers: whether to ask it, and what to show of it. */
export type ProviderHealth = {
  /** One request goes out that makes these calls. */
  asked(methods: readonly string[]): void
  /** It told of a new head without being asked, which many charge for. */
  pushed(): void
  /** It gave an answer; one that was itself an error counts as an answer. */
  answered(latencyMs: number): void
  /** It gave none, or one that cannot be true. Each fault in a row doubles its rest. */
  failed(error: RpcError): void
  /** It told that this is its newest block. */
  sawHead(number: number): void
  /** It gave this block: its newest is no older. */
  sawBlock(number: number): void
  /** False: it said when to come back, or serves another chain, and the time is not up. Others are asked at need. */
  mayAsk(): boolean
  /** When it has rested enough, in milliseconds of `performance.now()`; 0: it is well. */
  restUntil(): number
  status(): ProviderStatus
}

export function createProviderHealth(host: string): ProviderHealth {
  const status: ProviderStatus = {
    host,
    state: 'untried',
    head: null,
    since: new Date().toISOString(),
    requests: 0,
    calls: {},
    errors: 0,
    latencyMs: null,
    lastError: null,
    untruths: 0,
    lastUntruth: null,
  }
  const calls: Record<string, number> = {}
  const count = (method: string) => {
    calls[method] = (calls[method] ?? 0) + 1
  }
  let failures = 0
  let restUntil = 0
  let closedUntil = 0
  let distrustedUntil = 0

  return {
    asked(methods) {
      status.requests++
      for (const method of methods) count(method)
    },
    pushed: () => count('eth_subscription'),
    answered(latencyMs) {
      status.latencyMs = Math.round(latencyMs)
      status.state = performance.now() < distrustedUntil ? 'distrusted' : 'ok'
      failures = 0
      restUntil = distrustedUntil
      closedUntil = 0
    },
    failed(error) {
      const now = performance.now()
      const isRefusal = error.fault === 'wrong chain'
      status.errors++
      status.lastError = error.message
      if (error.fault === 'untrue') {
        status.untruths++
        status.lastUntruth = error.message
        distrustedUntil = now + distrustMs
      }
      status.state = isRefusal ? 'refused' : now < distrustedUntil ? 'distrusted' : 'failing'
      const closedMs = isRefusal ? refusalMs : (error.retryAfterMs ?? 0)
      const restMs = Math.min(restMsMin * 2 ** Math.min(failures++, 10), restMsMax)
      closedUntil = Math.max(closedUntil, now + closedMs)
      restUntil = Math.max(closedUntil, distrustedUntil, now + restMs)
    },
    sawHead(number) {
      status.head = number
    },
    sawBlock(number) {
      status.head = Math.max(status.head ?? 0, number)
    },
    mayAsk: () => performance.now() >= closedUntil,
    restUntil: () => restUntil,
    status: () => ({ ...status, calls: { ...calls } }),
  }
}

import { inParallel } from '../../lib/inParallel.ts'
import { httpTransport } from './httpTransport.ts'
import { createProviderHealth, type ProviderHealth } from './providerHealth.ts'
import { RpcError } from './rpcError.ts'
import type { RpcCall, RpcRequest, Transport } from './transport.ts'
import { webSocketTransport } from './webSocketTransport.ts'

/** The answer to one call of a batch. */
export type RpcAnswer = { ok: true; result: unknown } | { ok: false; error: RpcError }

/** One RPC URL, with what we know of its health. */
export type Provider = {
  /** Host of the URL; the URL itself may hold a key. */
  host: string
  health: ProviderHealth
  /** @throws {RpcError} No answer, or the answer was an error. */
  request(call: RpcCall): Promise<unknown>
  /** One HTTP request for all. @throws {RpcError} The batch as a whole got no answer. */
  batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]>
  onHead: Transport['onHead']
  close(): void
}

/** @param chainId The chain that the provider must serve; asked once before anything else. */
export function createProvider(where: { url: string; chainId: number; timeoutMs: number }): Provider {
  const transport = /^wss?:/.test(where.url) ? webSocketTransport(where.url) : httpTransport(where.url)
  const { host } = new URL(where.url)
  const health = createProviderHealth(host)
  let identity: Promise<void> | undefined
  let nextId = 1
  let takesBatches = true

  const numbered = (call: RpcCall): RpcRequest => ({ jsonrpc: '2.0', id: nextId++, ...call })

  async function exchange<Answer>(payload: RpcRequest | RpcRequest[], read: (raw: unknown) => Answer): Promise<Answer> {
    const start = performance.now()
    try {
      const answer = read(await transport.send(payload, AbortSignal.timeout(where.timeoutMs)))
      health.answered(performance.now() - start)
      return answer
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (error.fault === 'answered') health.answered(performance.now() - start)
      else health.failed(error)
      throw error
    }
  }

  const ask = (call: RpcCall) => exchange(numbered(call), (raw) => readResult(host, raw))

  /** Asked until it is answered once; a wrong answer stands. */
  function identify(): Promise<void> {
    identity ??= ask({ method: 'eth_chainId', params: [] }).then(
      (id) => {
        if (Number(id) === where.chainId) return
        const error = wrongChain(host, id, where.chainId)
        health.failed(error)
        throw error
      },
      (error: unknown) => {
        identity = undefined
        throw error
      },
    )
    return identity
  }

  return {
    host,
    health,
    async request(call) {
      await identify()
      return ask(call)
    },
    async batch(calls) {
      await identify()
      if (takesBatches) {
        const requests = calls.map(numbered)
        const answers = await exchange(requests, (raw) => readBatch(host, requests, raw))
        if (answers) return answers
        takesBatches = false
      }
      return inParallel(calls, callsAtOnce, (call) => settle(ask(call)))
    },
    onHead: transport.onHead,
    close: () => transport.close(),
  }
}

function wrongChain(host: string, answer: unknown, wanted: number): RpcError {
  return new RpcError('wrong chain', `${host} serves chain ${String(answer).slice(0, 20)}, not chain ${wanted}.`, {
    hints: ['Check `id` and `rpc` of this chain in the config.'],
  })
}

function readResult(host: string, answer: unknown): unknown {
  if (!answer || typeof answer !== 'object') {
    throw new RpcError('malformed', `${host} left a request without an answer.`)
  }
  if ('error' in answer && answer.error && typeof answer.error === 'object') {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown }
    const words = typeof message === 'string' ? message.slice(0, 300) : 'no message'
    const rpcCode = typeof code === 'number' ? code : 0
    const fault = rpcCode === -32005 || rpcCode === 429 ? 'rate limited' : 'answered'
    const details = typeof data === 'string' ? { rpcCode, data: data.slice(0, 2048) } : { rpcCode }
    throw new RpcError(fault, `${host} answered: ${words} (${rpcCode}).`, details)
  }
  if (!('result' in answer)) throw new RpcError('malformed', `${host} gave an answer with neither result nor error.`)
  return answer.result
}

/**
 * Null: the provider takes no batches, as it answered with a single error.
 * @throws {RpcError} One answer is missing or malformed: then the whole batch is worth nothing.
 */
function readBatch(host: string, requests: readonly RpcRequest[], raw: unknown): RpcAnswer[] | null {
  if (!Array.isArray(raw)) return null
  const byId = new Map(raw.map((answer) => [Number(answer?.id), answer]))
  return requests.map(({ id }) => {
    try {
      return { ok: true, result: readResult(host, byId.get(id)) }
    } catch (error) {
      if (error instanceof RpcError && error.fault === 'answered') return { ok: false, error }
      throw error
    }
  })
}

const callsAtOnce = 10

async function settle(result: Promise<unknown>): Promise<RpcAnswer> {
  try {
    return { ok: true, result: await result }
  } catch (error) {
    if (error instanceof RpcError && error.fault === 'answered') return { ok: false, error }
    throw error
  }
}

import { hideSecrets, piecesOfUrl } from '../../lib/hideSecrets.ts'
import { inParallel } from '../../lib/inParallel.ts'
import { asNumber } from '../parseHex.ts'
import { openTransport } from './openTransport.ts'
import { createProviderHealth, type ProviderHealth } from './providerHealth.ts'
import { RpcError } from './rpcError.ts'
import type { PendingListener, RpcCall, RpcRequest, Transport } from './transport.ts'

/** The answer to one call of a batch. */
export type RpcAnswer = { ok: true; result: unknown } | { ok: false; error: RpcError }

/** One RPC URL, with what we know of its health. */
export type Provider = {
  /** Host of the URL; the URL itself may hold a key. */
  host: string
  health: ProviderHealth
  /** @throws {RpcError} No answer, or the answer was an error. A method that it does not know is asked for once. */
  request(call: RpcCall): Promise<unknown>
  /** One request for all, one more for every 1,000. @throws {RpcError} The batch as a whole got no answer. */
  batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]>
  onHead: Transport['onHead']
  /** Absent: it cannot tell of pending transactions. */
  onPending: Transport['onPending']
  close(): void
}

/** Geth's limit on the calls of one batch. */
const callsPerBatch = 1000
/** For how long a provider that refused a batch is asked one by one. */
const singlyMs = 600_000
const callsAtOnce = 10
/** How soon a provider that did not say which chain it serves is asked again for what it has pending. */
const retryMs = 10_000

/** Puts itself between a provider and us: hears what is asked and answered. `secrets`: what of it must not be kept. */
export type Listen = (transport: Transport, secrets: readonly string[]) => Transport

type Served = { chainId: number; timeoutMs: number }

/** @param served `chainId`: the chain that the provider must serve; asked once before anything else. */
export function createProvider({ url, listen, ...served }: Served & { url: string; listen?: Listen }): Provider {
  const secrets = piecesOfUrl(url)
  const transport = openTransport(url)
  return createProviderOver(listen ? listen(transport, secrets) : transport, {
    ...{ host: new URL(url).host, secrets },
    ...served,
  })
}

/** The same over a connection that is there. `host`: what it is called. */
export function createProviderOver(transport: Transport, where: Source & Served): Provider {
  const { host, secrets } = where
  const source: Source = { host, secrets }
  const health = createProviderHealth(host)
  const { numbered, exchange, ask } = createExchange(source, transport, { health, timeoutMs: where.timeoutMs })
  let identity: Promise<void> | undefined
  let singlyUntil = 0

  /** Asked until it is answered rightly; then never again. */
  function identify(): Promise<void> {
    const question = numbered({ method: 'eth_chainId', params: [] })
    identity ??= exchange(question, (raw) => mustServe(host, readOwn(source, question.id, raw), where.chainId)).catch(
      (error) => {
        identity = undefined
        throw error
      },
    )
    return identity
  }

  async function batchOnce(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    if (performance.now() >= singlyUntil) {
      const requests = calls.map(numbered)
      const answers = await exchange(requests, (raw) => readBatch(source, requests, raw))
      if (answers) return answers
      singlyUntil = performance.now() + singlyMs
    }
    return inParallel(calls, callsAtOnce, (call) => settle(ask(call)))
  }

  return {
    host,
    health,
    async request(call) {
      await identify()
      return ask(call)
    },
    async batch(calls) {
      if (calls.length > 0) await identify()
      const answers: RpcAnswer[] = []
      for (let start = 0; start < calls.length; start += callsPerBatch) {
        answers.push(...(await batchOnce(calls.slice(start, start + callsPerBatch))))
      }
      return answers
    },
    onHead:
      transport.onHead &&
      ((listener) =>
        transport.onHead?.((number) => {
          health.pushed()
          listener(number)
        })),
    onPending: transport.onPending && ((listener) => hearPending(source, transport, identify, listener)),
    close: () => transport.close(),
  }
}

/** Single requests, numbered one after the other, of which `health` is told how they went. */
function createExchange(
  source: Source,
  transport: Transport,
  { health, timeoutMs }: { health: ProviderHealth; timeoutMs: number },
) {
  const unknownMethods = new Map<string, RpcError>()
  let nextId = 1

  const numbered = (call: RpcCall): RpcRequest => ({ jsonrpc: '2.0', id: nextId++, ...call })

  async function exchange<Answer>(payload: RpcRequest | RpcRequest[], read: (raw: unknown) => Answer): Promise<Answer> {
    const start = performance.now()
    health.asked([payload].flat().map(({ method }) => method))
    try {
      const answer = read(await transport.send(payload, AbortSignal.timeout(timeoutMs)))
      health.answered(performance.now() - start)
      return answer
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (error.fault === 'answered') health.answered(performance.now() - start)
      else health.failed(error)
      throw error
    }
  }

  async function ask(call: RpcCall): Promise<unknown> {
    const known = unknownMethods.get(call.method)
    if (known) throw known
    try {
      const request = numbered(call)
      return await exchange(request, (raw) => readOwn(source, request.id, raw))
    } catch (error) {
      if (error instanceof RpcError && error.unsupported) unknownMethods.set(call.method, error)
      throw error
    }
  }

  return { numbered, exchange, ask }
}

/** Once it is known which chain it serves: what another has pending is nothing to us. */
function hearPending(
  source: Source,
  transport: Transport,
  identify: () => Promise<void>,
  { told, answered }: PendingListener,
): void {
  const answer = (reason: string | null) => answered(reason === null ? null : hideSecrets(reason, source.secrets))
  identify().then(
    () => transport.onPending?.({ told, answered: answer }),
    (error: unknown) => {
      answer(error instanceof Error ? error.message : String(error))
      const again = () => hearPending(source, transport, identify, { told, answered })
      setTimeout(again, retryMs).unref()
    },
  )
}

function mustServe(host: string, answer: unknown, wanted: number): void {
  if (asNumber(answer, 'a chain id') === wanted) return
  throw new RpcError('wrong chain', `${host} serves chain ${Number(answer)}, not chain ${wanted}.`, {
    hints: ['Check `id` and `rpc` of this chain in the config.'],
  })
}

/** Who speaks, and what of his URL he must not be quoted with. */
type Source = { host: string; secrets: readonly string[] }

function readResult({ host, secrets }: Source, answer: unknown): unknown {
  if (!answer || typeof answer !== 'object') {
    throw new RpcError('malformed', `${host} left a request without an answer.`)
  }
  if ('error' in answer && answer.error && typeof answer.error === 'object') {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown }
    const words =
      typeof message === 'string' ? hideSecrets(message.slice(0, 1000), secrets).slice(0, 300) : 'no message'
    const rpcCode = typeof code === 'number' ? code : 0
    const fault = rpcCode === -32005 || rpcCode === 429 ? 'rate limited' : 'answered'
    const details = typeof data === 'string' ? { rpcCode, data: data.slice(0, 2048) } : { rpcCode }
    throw new RpcError(fault, `${host} answered: ${words} (${rpcCode}).`, details)
  }
  if (!('result' in answer)) throw new RpcError('malformed', `${host} gave an answer with neither result nor error.`)
  return answer.result
}

/** The result, where the answer is to this question: proxies mix answers up. An error may be to nobody's. */
function readOwn(source: Source, id: number, answer: unknown): unknown {
  const given = idOf(answer)
  const isError = typeof answer === 'object' && answer !== null && 'error' in answer
  if (given === id || (given === null && isError)) return readResult(source, answer)
  throw new RpcError('malformed', `${source.host} gave the answer to another question.`)
}

/** Some providers write it as text. Null: it has none. */
function idOf(answer: unknown): number | null {
  const id = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : null
  return typeof id === 'number' || (typeof id === 'string' && id !== '') ? Number(id) : null
}

/**
 * Null: the provider takes no batches, as it refused this one as a whole.
 * @throws {RpcError} One answer is missing or malformed: then the whole batch is worth nothing.
 */
function readBatch(source: Source, requests: readonly RpcRequest[], raw: unknown): RpcAnswer[] | null {
  if (!Array.isArray(raw)) {
    const refusal = settleNow(() => readResult(source, raw))
    if (refusal.ok) throw new RpcError('malformed', `${source.host} gave one answer to a batch of ${requests.length}.`)
    return null
  }
  const byId = new Map<number, unknown>()
  for (const answer of raw as unknown[]) {
    const id = idOf(answer)
    if (id === null) continue
    if (byId.has(id)) throw new RpcError('malformed', `${source.host} gave two answers to one question.`)
    byId.set(id, answer)
  }
  return requests.map(({ id }) => settleNow(() => readResult(source, byId.get(id))))
}

/** An error that the provider answered with is an answer; any other is thrown. */
function settleNow(read: () => unknown): RpcAnswer {
  try {
    return { ok: true, result: read() }
  } catch (error) {
    return asAnswer(error)
  }
}

async function settle(result: Promise<unknown>): Promise<RpcAnswer> {
  try {
    return { ok: true, result: await result }
  } catch (error) {
    return asAnswer(error)
  }
}

function asAnswer(error: unknown): RpcAnswer {
  if (error instanceof RpcError && error.fault === 'answered') return { ok: false, error }
  throw error
}

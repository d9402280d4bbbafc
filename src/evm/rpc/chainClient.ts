import type { ProviderStatus } from '../../model/status.ts'
import { createVerifier, type Verifier } from '../verify/createVerifier.ts'
import type { Provider, RpcAnswer } from './provider.ts'
import { RpcError } from './rpcError.ts'
import type { HeadListener, PendingListener, RpcCall } from './transport.ts'

/** All providers of one chain behind one face: the first healthy one is asked, the next where it fails. */
export type ChainClient = {
  /**
   * Puts a question to one provider after the other until one answers well.
   * @param read Turns the raw answer into what is wanted; a `RpcError` that it throws counts against the provider,
   *   and the next one is asked.
   * @throws {RpcError} The last fault, when every provider failed.
   */
  ask<Raw, Result>(
    question: (provider: Provider) => Promise<Raw>,
    read: (raw: Raw, provider: Provider) => Result | Promise<Result>,
  ): Promise<Result>
  /** One call, as `ask`. */
  request<Result>(
    call: RpcCall,
    read: (result: unknown, provider: Provider) => Result | Promise<Result>,
  ): Promise<Result>
  /**
   * Many calls in one request. What the provider answers with an error that says nothing about the chain is asked of
   * the next one.
   * @throws {RpcError} No provider answered at all.
   */
  batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]>
  /** One call to every provider at the same time, whatever it is worth: what each of them says, and who says nothing. */
  survey<Result>(call: RpcCall, read: (result: unknown) => Result): Promise<Opinion<Result>[]>
  /** What the blocks of this chain are checked by. */
  verifier: Verifier
  providers(): ProviderStatus[]
  /** Wakes the listener at each new head that a WebSocket tells of. */
  onHead(listener: HeadListener): void
  /**
   * Lets every provider that can do so tell of pending transactions.
   * @param listenerOf Makes what one of them, by its host, is to tell it to.
   * @returns How many there are.
   */
  onPending(listenerOf: (host: string) => PendingListener): number
  close(): void
}

/** What one provider says. */
export type Opinion<Result> = { host: string } & ({ ok: true; result: Result } | { ok: false; error: RpcError })

export function createChainClient(providers: readonly Provider[], verifier = createVerifier()): ChainClient {
  /** Healthy ones in the order of the config, then the resting ones by the end of their rest. */
  function ranked(): Provider[] {
    const now = performance.now()
    const rest = ({ health }: Provider) => Math.max(0, health.restUntil() - now)
    return providers.filter(({ health }) => health.mayAsk()).toSorted((a, b) => rest(a) - rest(b))
  }

  const ask: ChainClient['ask'] = async (question, read) => {
    let last: RpcError | undefined
    for (const provider of ranked()) {
      try {
        const raw = await question(provider)
        return await readOf(provider, raw, read)
      } catch (error) {
        if (!(error instanceof RpcError) || error.reverted) throw error
        last = error
      }
    }
    throw last ?? nobody(providers)
  }

  async function batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const answers: RpcAnswer[] = []
    let open = calls.map((_, index) => index)
    let last: RpcError | undefined
    for (const provider of ranked()) {
      if (open.length === 0) break
      try {
        const given = await provider.batch(open.map((index) => calls[index]!))
        for (const [place, index] of open.entries()) answers[index] = given[place]!
        open = open.filter((index) => isDoubtful(answers[index]!))
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        last = error
      }
    }
    if (answers.length < calls.length) throw last ?? nobody(providers)
    return answers
  }

  return {
    ask,
    request: (call, read) => ask((provider) => provider.request(call), read),
    batch,
    survey: (call, read) => Promise.all(providers.map((provider) => opinionOf(provider, call, read))),
    verifier,
    providers: () => providers.map((provider) => provider.health.status()),
    onHead(listener) {
      for (const provider of providers) provider.onHead?.(listener)
    },
    onPending(listenerOf) {
      const able = providers.filter(({ onPending }) => onPending)
      for (const { host, onPending } of able) onPending?.(listenerOf(host))
      return able.length
    },
    close() {
      for (const provider of providers) provider.close()
    },
  }
}

async function opinionOf<Result>(
  provider: Provider,
  call: RpcCall,
  read: (result: unknown) => Result,
): Promise<Opinion<Result>> {
  const { host } = provider
  if (!provider.health.mayAsk()) return { host, ok: false, error: nobody([provider]) }
  try {
    return { host, ok: true, result: await readOf(provider, await provider.request(call), read) }
  } catch (error) {
    if (error instanceof RpcError) return { host, ok: false, error }
    throw error
  }
}

async function readOf<Raw, Result>(
  provider: Provider,
  raw: Raw,
  read: (raw: Raw, provider: Provider) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await read(raw, provider)
  } catch (error) {
    if (error instanceof RpcError && error.fault !== 'unproved') provider.health.failed(error)
    throw error
  }
}

/** An error that another provider may well not repeat. */
const isDoubtful = (answer: RpcAnswer) => !answer.ok && !answer.error.reverted

/** Why no provider was even asked. */
function nobody(providers: readonly Provider[]): RpcError {
  const states = providers.map(({ health }) => health.status())
  const reasons = [...new Set(states.map(({ lastError }) => lastError))].filter((reason) => reason !== null)
  const areRefused = states.every(({ state }) => state === 'refused')
  const restMs = Math.min(...providers.map(({ health }) => health.restUntil())) - performance.now()
  return new RpcError(
    areRefused ? 'wrong chain' : 'rate limited',
    `No provider of this chain can be asked now. ${reasons.join(' ')}`.trim(),
    {
      ...(areRefused ? { hints: ['Check `id` and `rpc` of this chain in the config.'] } : {}),
      ...(Number.isFinite(restMs) ? { retryAfterMs: Math.max(0, Math.ceil(restMs)) } : {}),
    },
  )
}

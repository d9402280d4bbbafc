import type { ProviderStatus } from '../../model/status.ts'
import type { Provider, RpcAnswer } from './provider.ts'
import { RpcError } from './rpcError.ts'
import type { RpcCall } from './transport.ts'

/** All providers of one chain behind one face: the first healthy one is asked, the next where it fails. */
export type ChainClient = {
  /**
   * @param read Turns the raw answer into what is wanted; a `RpcError` that it throws counts against the provider,
   *   and the next one is asked.
   * @throws {RpcError} The last fault, when every provider failed.
   */
  request<Result>(call: RpcCall, read: (result: unknown, provider: Provider) => Result): Promise<Result>
  batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]>
  providers(): ProviderStatus[]
  /** Wakes the listener at each new head that a WebSocket tells of. */
  onHead(listener: () => void): void
  close(): void
}

export function createChainClient(providers: readonly Provider[]): ChainClient {
  /** Healthy ones in the order of the config, then the resting ones by the end of their rest; never the refused. */
  function ranked(): Provider[] {
    const now = performance.now()
    const rest = (provider: Provider) => Math.max(0, provider.health.restUntil() - now)
    const usable = providers.filter((provider) => Number.isFinite(provider.health.restUntil()))
    return usable.toSorted((a, b) => rest(a) - rest(b))
  }

  async function first<Result>(attempt: (provider: Provider) => Promise<Result>): Promise<Result> {
    let last: unknown
    for (const provider of ranked()) {
      try {
        return await attempt(provider)
      } catch (error) {
        if (!(error instanceof RpcError) || error.reverted) throw error
        last = error
      }
    }
    throw last ?? refused(providers)
  }

  return {
    request: (call, read) =>
      first(async (provider) => {
        const result = await provider.request(call)
        try {
          return read(result, provider)
        } catch (error) {
          if (error instanceof RpcError) provider.health.failed(error)
          throw error
        }
      }),
    batch: (calls) => (calls.length === 0 ? Promise.resolve([]) : first((provider) => provider.batch(calls))),
    providers: () => providers.map((provider) => provider.health.status()),
    onHead(listener) {
      for (const provider of providers) provider.onHead?.(listener)
    },
    close() {
      for (const provider of providers) provider.close()
    },
  }
}

function refused(providers: readonly Provider[]): RpcError {
  const reasons = providers.map((provider) => provider.health.status().lastError).filter((reason) => reason !== null)
  return new RpcError('wrong chain', `No provider of this chain can be used. ${reasons.join(' ')}`, {
    hints: ['Check `id` and `rpc` of this chain in the config.'],
  })
}

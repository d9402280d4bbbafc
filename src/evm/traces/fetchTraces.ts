import type { Block, Hex, Trace, Transaction } from '../../model/chain.ts'
import type { ChainClient } from '../rpc/chainClient.ts'
import type { Provider } from '../rpc/provider.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { type TraceMethod, traceWays } from './traceWays.ts'

/**
 * Up to so many transactions are traced one by one. To trace one, a node first runs those before it in the block, so a
 * few of them cost it about as much as the whole block; and the whole block is the bigger answer by far.
 */
export const fewTransactions = 4

/** Ways to trace, the cheapest first. A way that a provider does not know costs one request, once. */
function methodsFor(wanted: number, transactions: number): readonly TraceMethod[] {
  return wanted <= fewTransactions && wanted < transactions
    ? ['debug_traceTransaction', 'trace_transaction', 'debug_traceBlockByHash', 'trace_block']
    : ['debug_traceBlockByHash', 'trace_block', 'debug_traceTransaction', 'trace_transaction']
}

/**
 * The calls inside some transactions of a block. What one way or provider does not tell, or tells in contradiction to the
 * block, the next is asked for.
 * @returns One for each transaction, by its hash; never throws for what providers do.
 */
export async function fetchTraces(
  client: ChainClient,
  block: Block,
  wanted: readonly Transaction[],
): Promise<ReadonlyMap<Hex, Trace>> {
  const traces = new Map<Hex, Trace>()
  const isOpen = ({ hash }: Transaction) => traces.get(hash)?.ok !== true
  const miss = (open: readonly Transaction[], { message: reason, unsupported }: RpcError) => {
    for (const { hash } of open) {
      const known = traces.get(hash)
      // That a method is unknown explains little where another one failed.
      if (!known || (!known.ok && (known.lasting || !unsupported))) {
        traces.set(hash, { ok: false, reason, lasting: unsupported })
      }
    }
  }
  const askAllWays = async (provider: Provider) => {
    let last: RpcError | undefined
    for (const method of methodsFor(wanted.length, block.transactions.length)) {
      const open = wanted.filter(isOpen)
      if (open.length === 0) return
      try {
        for (const [hash, trace] of await traceWays[method](provider, block, open)) traces.set(hash, trace)
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        miss(open, error)
        last = error
        if (error.fault === 'malformed') provider.health.failed(error)
        if (isGone(error)) break
      }
    }
    if (!wanted.some(isOpen)) return
    throw last && !last.reverted
      ? last
      : new RpcError('malformed', `Not all traces of block ${block.number} are whole.`)
  }
  try {
    if (wanted.length > 0) await client.ask(askAllWays, () => undefined)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    miss(
      wanted.filter((transaction) => !traces.has(transaction.hash)),
      error,
    )
  }
  return traces
}

/** The provider itself is out of reach: its other methods are too. */
const isGone = ({ fault }: RpcError) => fault === 'unreachable' || fault === 'rate limited' || fault === 'wrong chain'

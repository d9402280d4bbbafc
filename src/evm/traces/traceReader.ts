import type { Block, Hex, Trace, Transaction } from '../../model/chain.ts'
import type { ChainClient } from '../rpc/chainClient.ts'
import { fetchTraces } from './fetchTraces.ts'

/** Traces of the transactions of a block whose calls somebody wants; undefined where nobody does. */
export type TraceReader = (block: Block) => Promise<ReadonlyMap<Hex, Trace> | undefined>

/** A failure that took longer holds up all who wait for the block, of whom most need no traces. */
const slowMs = 500
/** So that at most a fifth of the time is lost to traces that do not come. */
const restFactor = 4

/**
 * @param rests After traces were waited for in vain, they are not asked for again for a while, and are missing meanwhile:
 *   for a loop that must not fall behind its chain.
 */
export function createTraceReader(
  client: ChainClient,
  wantsTraces: (block: Block) => readonly Transaction[],
  { rests }: { rests: boolean },
): TraceReader {
  let restUntil = 0
  let why = ''

  return async (block) => {
    const wanted = wantsTraces(block)
    if (wanted.length === 0) return undefined
    if (performance.now() < restUntil) {
      const missing: Trace = { ok: false, reason: `they were waited for in vain a moment ago (${why})`, lasting: true }
      return new Map(wanted.map(({ hash }) => [hash, missing]))
    }
    const start = performance.now()
    const traces = await fetchTraces(client, block, wanted)
    const tookMs = performance.now() - start
    const failed = [...traces.values()].find(({ ok }) => !ok)
    if (rests && failed && !failed.ok && tookMs >= slowMs) {
      restUntil = performance.now() + restFactor * tookMs
      why = failed.reason
    }
    return traces
  }
}

import type { FetchedBlock } from '../evm/fetchBlock.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import type { Block } from '../model/chain.ts'

/** How long the watch over a chain waits for what does not come. */
export type ChainPatience = {
  /** Something new was judged, or taken back. */
  moved(): void
  /** Nothing new has come for too long; null: something has. */
  standstill(newest: number | undefined): RpcError | null
  /**
   * What a provider keeps back now it may give in a moment; only what nobody gives for a while is done without.
   * @throws {RpcError} It is too early for that.
   */
  awaitWhole(fetched: FetchedBlock): void
}

const flawPatienceMsMax = 10_000

export function createChainPatience(chain: {
  name: string
  blindAfterMs: number
  staleAfterMs: number
}): ChainPatience {
  const flawPatienceMs = Math.min(flawPatienceMsMax, chain.blindAfterMs)
  let movedAt = performance.now()
  let flawedSince: number | undefined

  return {
    moved() {
      movedAt = performance.now()
    },
    standstill(newest) {
      const stillMs = performance.now() - movedAt
      if (stillMs < chain.staleAfterMs) return null
      const where = newest === undefined ? 'at all' : `after block ${newest}`
      const words = `${chain.name} stands still: nothing ${where} for ${Math.round(stillMs / 1000)} s.`
      return new RpcError('unreachable', words, {
        hints: ['Compare with an explorer: either the chain has stopped, or the provider has.'],
      })
    },
    awaitWhole({ block, faults }) {
      const flaw = faults[0] ?? untraced(block)
      if (flaw === undefined) flawedSince = undefined
      else flawedSince ??= performance.now()
      if (flawedSince === undefined || performance.now() - flawedSince >= flawPatienceMs) return
      throw new RpcError('malformed', `No provider gives block ${block.number} of ${chain.name} whole: ${flaw}`)
    },
  }
}

/** Why calls are missing that a provider may still tell: nodes trace a block only some time after they tell of it. */
function untraced({ traces }: Block): string | undefined {
  for (const trace of traces?.values() ?? []) if (!trace.ok && !trace.lasting) return trace.reason
  return undefined
}

import { fetchHeader } from '../evm/fetchBlock.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'

/** The newest block that cannot vanish any more: as the provider tells, else by depth. Never goes back. */
export type Finality = {
  /** Asks the provider, at most once in a while. */
  refresh(head: number): Promise<void>
  number(): number
}

const refreshMs = 12_000

export function createFinality(client: ChainClient, { depth }: { depth: number }): Finality {
  let finalized = 0
  let askedAt = Number.NEGATIVE_INFINITY

  return {
    async refresh(head) {
      if (performance.now() - askedAt < refreshMs) return
      askedAt = performance.now()
      try {
        const header = await fetchHeader(client, 'finalized')
        finalized = Math.max(finalized, Math.min(header?.number ?? head - depth, head))
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        // Chains without the tag answer with an error; whether the provider fails altogether the next block tells.
        finalized = Math.max(finalized, head - depth)
      }
    },
    number: () => finalized,
  }
}

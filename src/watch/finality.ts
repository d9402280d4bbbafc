import { fetchHeader } from '../evm/fetchBlock.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'

/** The newest block that cannot vanish any more: as the provider tells, else by depth. Never goes back. */
export type Finality = {
  /**
   * Asks the provider, at most once in a while.
   * @param head The newest block that the provider tells of.
   * @param judged The newest block that we have read ourselves; what is counted by depth rests on that alone.
   */
  refresh(head: number, judged: number): Promise<void>
  number(): number
}

const refreshMs = 12_000

export function createFinality(client: ChainClient, { depth }: { depth: number }): Finality {
  let finalized = 0
  let askedAt = Number.NEGATIVE_INFINITY
  /** False: the chain does not know the tag `finalized`. */
  let isTold = true

  return {
    async refresh(head, judged) {
      if (performance.now() - askedAt >= refreshMs) {
        askedAt = performance.now()
        try {
          const header = await fetchHeader(client, 'finalized')
          isTold = header !== null
          if (header) finalized = Math.max(finalized, Math.min(header.number, head))
        } catch (error) {
          if (!(error instanceof RpcError)) throw error
          // Chains without the tag answer with an error; whether the provider fails altogether the next block tells.
          if (error.fault === 'answered') isTold = false
        }
      }
      if (!isTold) finalized = Math.max(finalized, judged - depth)
    },
    number: () => finalized,
  }
}

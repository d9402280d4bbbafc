import { fetchHeader } from '../evm/fetchBlock.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'

/** The newest block that cannot vanish any more: as the provider tells, else by depth. Never goes back. */
export type Finality = {
  /**
   * Asks the provider, at most once in a while. Only the first answer is waited for: a block that is to be judged must
   * not wait for news of old ones.
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
  /** False: the chain knows neither the tag `finalized` nor `safe`. */
  let isTold = true
  let answered = false
  let asking = Promise.resolve()

  async function ask(head: number): Promise<void> {
    const told = await askTags(client)
    answered = true
    if (told !== undefined) isTold = told !== null
    if (told) finalized = Math.max(finalized, Math.min(told, head))
  }

  return {
    async refresh(head, judged) {
      if (performance.now() - askedAt >= refreshMs) {
        askedAt = performance.now()
        const before = asking
        asking = ask(head)
        // Whatever else than a provider fails is thrown when it is asked the next time.
        asking.catch(() => undefined)
        await before
      }
      if (!answered) await asking
      if (!isTold) finalized = Math.max(finalized, judged - depth)
    },
    number: () => finalized,
  }
}

/** Number of the block with the strictest tag that the chain knows; null: it has none yet. Undefined: nobody answered. */
async function askTags(client: ChainClient): Promise<number | null | undefined> {
  for (const tag of ['finalized', 'safe'] as const) {
    try {
      const header = await fetchHeader(client, tag)
      return header?.number ?? null
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      // Chains without the tag answer with an error; whether the provider fails altogether the next block tells.
      if (error.fault !== 'answered') return undefined
    }
  }
  return null
}

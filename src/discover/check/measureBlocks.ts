import { fetchHeader } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'

const blocksMeasured = 100

/** Blocks a day, by the times of the last ones; null where they cannot tell. */
export async function measureBlocks(client: ChainClient, newest: BlockHeader): Promise<number | null> {
  const count = Math.min(blocksMeasured, newest.number)
  const earlier = await fetchHeader(client, newest.number - count).catch(() => null)
  const seconds = earlier ? newest.timestamp - earlier.timestamp : 0
  return seconds > 0 ? Math.round((count * 86_400) / seconds) : null
}

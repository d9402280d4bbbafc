import { fetchBlock } from '../evm/fetchBlock.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { inParallel } from '../lib/inParallel.ts'
import type { Block, BlockHeader } from '../model/chain.ts'

/** Of so many blocks, spread over the last hour, the monitors want the receipts of so many. */
export type ReceiptsWanted = { looked: number; wanted: number }

const blocksLooked = 50
const atOnce = 4

/** How quiet the last hour was for the monitors; null where the provider does not show its blocks. */
export async function measureReceipts(
  client: ChainClient,
  { newest, blocksPerDay }: { newest: BlockHeader; blocksPerDay: number },
  wantsReceipts: (block: Block) => boolean,
): Promise<ReceiptsWanted | null> {
  const hour = Math.min(newest.number + 1, Math.ceil(blocksPerDay / 24))
  const count = Math.min(blocksLooked, hour)
  const numbers = Array.from({ length: count }, (_, index) => newest.number - Math.floor((index * hour) / count))
  const wanted = await inParallel(numbers, atOnce, (number) => isWanted(client, number, wantsReceipts))
  const known = wanted.filter((is) => is !== null)
  return known.length > 0 ? { looked: known.length, wanted: known.filter((is) => is).length } : null
}

/** Null: the provider did not give the block. */
async function isWanted(
  client: ChainClient,
  number: number,
  wantsReceipts: (block: Block) => boolean,
): Promise<boolean | null> {
  try {
    const fetched = await fetchBlock(client, number, () => false)
    return fetched && wantsReceipts(fetched.block)
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}

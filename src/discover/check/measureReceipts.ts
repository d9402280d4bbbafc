import { fetchBlock } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { Block, BlockHeader } from '../../model/chain.ts'
import type { Calls } from '../../model/status.ts'

export type ReceiptsWanted = {
  /** Blocks that were looked at, spread over the last hour. */
  looked: number
  /** Those of them whose receipts the monitors want. */
  wanted: number
  /** What the receipts of one block take. */
  calls: Calls
}

const blocksLooked = 50
const atOnce = 4

/** How quiet the last hour was for the monitors; null where the provider does not show its blocks. */
export async function measureReceipts(
  client: ChainClient,
  { newest, blocksPerDay, receiptsAtOnce }: { newest: BlockHeader; blocksPerDay: number; receiptsAtOnce: boolean },
  wantsReceipts: (block: Block) => boolean,
): Promise<ReceiptsWanted | null> {
  const hour = Math.min(newest.number + 1, Math.ceil(blocksPerDay / 24))
  const count = Math.min(blocksLooked, hour)
  const numbers = Array.from({ length: count }, (_, index) => newest.number - Math.floor((index * hour) / count))
  const looks = await inParallel(numbers, atOnce, (number) => look(client, number, wantsReceipts))
  const known = looks.filter((one) => one !== null)
  if (known.length === 0) return null
  const transactions = known.reduce((sum, one) => sum + one.transactions, 0)
  return {
    looked: known.length,
    wanted: known.filter(({ isWanted }) => isWanted).length,
    calls: receiptsAtOnce
      ? { eth_getBlockReceipts: 1 }
      : { eth_getTransactionReceipt: Math.max(1, transactions / known.length) },
  }
}

/** Null: the provider did not give the block. */
async function look(
  client: ChainClient,
  number: number,
  wantsReceipts: (block: Block) => boolean,
): Promise<{ isWanted: boolean; transactions: number } | null> {
  try {
    const fetched = await fetchBlock(client, number, () => false)
    return fetched && { isWanted: wantsReceipts(fetched.block), transactions: fetched.block.transactions.length }
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}

import { fetchBlock } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import { fetchTraces } from '../../evm/traces/fetchTraces.ts'
import type { Block, BlockHeader } from '../../model/chain.ts'
import { note, ok, problem, type Verdict } from './verdict.ts'

const blocksLooked = 20
const hint =
  'It must answer one of debug_traceTransaction, trace_transaction, debug_traceBlockByHash and trace_block. Else leave out `internal`.'

/** Whether one provider tells the calls inside a transaction: `client` is of it alone. */
export async function checkTraces(client: ChainClient, newest: BlockHeader): Promise<Verdict> {
  try {
    const block = await lastWithTransactions(client, newest)
    if (!block) return note('It has no new transactions, so it cannot be told whether it gives call traces.')
    const [trace] = (await fetchTraces(client, block, block.transactions.slice(0, 1))).values()
    if (trace?.ok) return ok('tells the calls inside transactions')
    return problem(`It gives no call traces, which the monitors need: ${trace?.reason}`, hint)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return problem(`It gives no call traces, which the monitors need: ${error.message}`, hint)
  }
}

async function lastWithTransactions(client: ChainClient, { number }: BlockHeader): Promise<Block | null> {
  for (let back = 0; back < blocksLooked && back <= number; back++) {
    const fetched = await fetchBlock(client, number - back, () => false)
    if (fetched && fetched.block.transactions.length > 0) return fetched.block
  }
  return null
}

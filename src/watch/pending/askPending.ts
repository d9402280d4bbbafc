import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { RpcAnswer } from '../../evm/rpc/provider.ts'
import type { BlockHeader, Hex, Transaction } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'
import type { PendingTouch } from './pendingTouch.ts'

/** Some twenty minutes on Ethereum, and no further back than nodes keep the state. */
const earlierBlocks = 100

/** The transactions of some hashes, as a provider wrote them; those that nobody has any more are left out. */
export async function fetchPending(client: ChainClient, hashes: readonly Hex[]): Promise<unknown[]> {
  if (hashes.length === 0) return []
  const answers = await client.batch(hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] })))
  return answers.flatMap((answer) => {
    if (!answer.ok || !answer.result) return []
    const { blockNumber } = answer.result as { blockNumber?: unknown }
    return blockNumber == null ? [answer.result] : []
  })
}

/** Has the contracts looked at that some transactions call: their code now, and some time ago. */
export async function learnCodes(
  client: ChainClient,
  touch: PendingTouch,
  head: BlockHeader,
  transactions: readonly Transaction[],
): Promise<void> {
  const contracts = [...new Set(transactions.flatMap(({ to }) => to ?? []))]
  if (contracts.length === 0) return
  const earlier = `0x${Math.max(0, head.number - earlierBlocks).toString(16)}`
  const answers = await client.batch(
    contracts.flatMap((contract) =>
      [`0x${head.number.toString(16)}`, earlier].map((at) => ({ method: 'eth_getCode', params: [contract, at] })),
    ),
  )
  for (const [place, contract] of contracts.entries())
    touch.learn(contract, codeIn(answers[2 * place]), codeIn(answers[2 * place + 1]))
}

function codeIn(answer: RpcAnswer | undefined): ReadResult | undefined {
  if (!answer?.ok || typeof answer.result !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(answer.result)) return undefined
  return { ok: true, data: answer.result.toLowerCase() as Hex }
}

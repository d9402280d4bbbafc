import { toEventSelector, toHex } from 'viem'
import { topicOf, transferTopics } from '../../src/evm/ledger/tokenTransfers.ts'
import { parseBlock } from '../../src/evm/parseBlock.ts'
import { layCalls } from '../../src/evm/traces/layCalls.ts'
import { parseParityTraces } from '../../src/evm/traces/parseParityTraces.ts'
import type { Address, Block, Call, Hex, Log, Receipt, Trace, Transaction } from '../../src/model/chain.ts'
import type { recordedTraces } from './corpus.ts'
import { word } from './scene.ts'

/** A block of the recorded traces. Its receipts were recorded without logs: transfers are told by the calls that make tokens send. */
export function recordedTraceBlock(recorded: ReturnType<typeof recordedTraces>[number]): Block {
  const { number, hash } = recorded
  const place = { number: toHex(number), timestamp: toHex(1_600_000_000 + 13 * (number - 10_000_000)) }
  const block = parseBlock({
    ...place,
    hash,
    parentHash: hash,
    logsBloom: toHex(0, { size: 256 }),
    transactions: recorded.transactions,
  })
  const flat = Map.groupBy(recorded.traces as { transactionHash: Hex | null }[], (each) => each.transactionHash)
  const laid = block.transactions.map(
    (transaction) =>
      [transaction, layCalls(parseParityTraces(flat.get(transaction.hash)!), transaction, null)] as const,
  )
  const traces = new Map(laid.map(([transaction, calls]): [Hex, Trace] => [transaction.hash, { ok: true, calls }]))
  return { ...block, receipts: laid.map(([transaction, calls]) => receiptOf(transaction, calls)), traces }
}

function receiptOf(transaction: Transaction, calls: readonly Call[]): Receipt {
  const [root] = calls
  const logs = calls
    .flatMap((call) => transferOf(call))
    .map((log, position): Log => ({ ...log, logIndex: position, position }))
  return {
    ...{ transactionHash: transaction.hash, transactionIndex: transaction.index, from: transaction.from },
    ...{ to: transaction.to, contractAddress: transaction.to === null ? (root?.to ?? null) : null },
    ...{ status: root?.error ? 'reverted' : 'success', gasUsed: 21_000n, effectiveGasPrice: 1n, logs },
  }
}

const weth: Address = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const [transfer, transferFrom, withdraw] = ['0xa9059cbb', '0x23b872dd', '0x2e1a7d4d']
const [wrapTopic, unwrapTopic] = ['event Deposit(address, uint256)', 'event Withdrawal(address, uint256)'].map((each) =>
  toEventSelector(each),
)

function transferOf(call: Call): Omit<Log, 'logIndex' | 'position'>[] {
  const { kind, from, to, value, input, reverted, transactionHash, transactionIndex } = call
  if (kind !== 'call' || reverted || to === null) return []
  const tell = (topics: Hex[], data: Hex) => [{ address: to, topics, data, transactionHash, transactionIndex }]
  const words = (input.slice(10).match(/.{64}/g) ?? []).map((digits): Hex => `0x${digits}`)
  if (to === weth && value > 0n) return tell([wrapTopic!, topicOf(from)], word(value))
  if (to === weth && input.startsWith(withdraw!)) return tell([unwrapTopic!, topicOf(from)], words[0]!)
  const ends = input.startsWith(transfer!) ? [topicOf(from), ...words] : input.startsWith(transferFrom!) ? words : []
  const [sender, recipient, amount] = ends
  return sender && recipient && amount ? tell([transferTopics[0]!, sender, recipient], amount) : []
}

import { toEventSelector, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus, recordedTraces } from '../../../test/harness/corpus.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import { topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import { parseBlock } from '../../evm/parseBlock.ts'
import { layCalls } from '../../evm/traces/layCalls.ts'
import { parseParityTraces } from '../../evm/traces/parseParityTraces.ts'
import type { Address, Block, Call, Hex, Log, Receipt, Trace, Transaction } from '../../model/chain.ts'
import type { AnyDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { testPayment } from '../value/testPayment.ts'
import { addressPoisoning } from './addressPoisoning.ts'
import { approvalBurst } from './approvalBurst.ts'
import { flashLoan } from './flashLoan.ts'
import { freshContract } from './freshContract.ts'
import { newCallPath } from './newCallPath.ts'
import { probing } from './probing.ts'
import { reentrancy } from './reentrancy.ts'
import { replayedSignature } from './replayedSignature.ts'
import { roundingLoop } from './roundingLoop.ts'
import { roundTrip } from './roundTrip.ts'

/** Everybody held one unit before each block and nothing after it, so that whatever left looks like all there was. */
class PoorWorld extends World {
  override answer(read: Read): ReadResult {
    const isBalance = read.kind === 'balance' || (read.kind === 'call' && read.data.startsWith('0x70a08231'))
    return isBalance ? { ok: true, data: word(read.at === 'parent' ? 1n : 0n) } : super.answer(read)
  }
}

const detectors: [string, AnyDetector][] = [
  addressPoisoning,
  approvalBurst,
  flashLoan,
  freshContract,
  newCallPath,
  probing,
  reentrancy,
  replayedSignature,
  roundingLoop,
  roundTrip,
  testPayment,
].map((each) => [each.id, each as AnyDetector])
const groupSize = 40
const aloneSize = 10

const topBy = (addresses: readonly Address[], size: number): Address[] =>
  [...Map.groupBy(addresses, (address) => address)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, size)
    .map(([address]) => address)

/** Titles of what pages, with the contracts as one group and each of the first of them alone. */
function pagesOf(detector: AnyDetector, blocks: readonly Block[], busiest: readonly Address[]): string[] {
  const all = busiest.map((address, place) => contract(`busy${place}`, address))
  const groups = [all, ...all.slice(0, aloneSize).map((each) => [each])]
  return groups.flatMap((on) => {
    const watch = scene(detector, on, { world: new PoorWorld() })
    const claims = blocks.flatMap((block) => watch.judge(block).claims)
    const pages = ({ severity = detector.severity }: Claim) => severity === 'high' || severity === 'critical'
    return claims.filter(pages).map(({ title }) => title)
  })
}

describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  const blocks = hasCorpus ? corpusReceiptBlocks().map(modelBlock) : []
  const busiest = topBy(
    blocks.flatMap(({ receipts }) => receipts!.flatMap(({ logs }) => logs.map(({ address }) => address))),
    groupSize,
  )

  test.each(detectors)('%s pages nobody about the logs of the busiest contracts', (_, detector) => {
    expect(blocks.flatMap(({ transactions }) => transactions).length).toBeGreaterThan(1_000)
    expect(pagesOf(detector, blocks, busiest)).toEqual([])
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet traces', () => {
  const blocks = hasCorpus ? recordedTraces().map(tracedBlockOf) : []
  const calls = blocks.flatMap(({ traces }) => [...traces!.values()].flatMap((trace) => (trace.ok ? trace.calls : [])))
  const called = calls.flatMap(({ to, input, kind }) => (to && input !== '0x' && kind === 'call' ? [to] : []))

  test.each(detectors)('%s pages nobody about the calls of the busiest contracts', (_, detector) => {
    expect(calls.length).toBeGreaterThan(10_000)
    expect(pagesOf(detector, blocks, topBy(called, groupSize))).toEqual([])
  })
})

/** Their receipts were recorded without logs: transfers are told by the calls that make tokens send. */
function tracedBlockOf(recorded: ReturnType<typeof recordedTraces>[number]): Block {
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

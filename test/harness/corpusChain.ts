import { createHash } from 'node:crypto'
import { keccak256, toHex } from 'viem'
import type { Hex } from '../../src/model/chain.ts'
import { answeredTraces } from './answeredTraces.ts'
import { type RecordedBlock, recordedBodies, recordedReceipts } from './corpus.ts'
import { logsBloom } from './node/logsBloom.ts'
import { receiptsRoot } from './node/receiptsRoot.ts'
import type { RpcBlock, RpcReceipt, ServedBlock } from './node/rpcTypes.ts'
import { sealHeader } from './node/sealHeader.ts'
import { type BlockWithCalls, recordedCalls } from './recordedCalls.ts'

type LinkedChainOptions = {
  from: 'receipts' | 'bodies' | 'traces' | 'answers'
  startNumber?: number
  /** Unix time in seconds. */
  startTimestamp?: number
  secondsPerBlock?: number
  /** The block that the chain goes on from; number and time then follow it unless given. */
  parent?: ServedBlock
  /** Sets a chain apart from another over the same blocks, as the other side of a reorg: all hashes are others. */
  salt?: string
}

/** What of a recorded block stays the same wherever in a chain it comes to stand. */
type Source = (RecordedBlock | BlockWithCalls) & { logsBloom: Hex; receiptsRoot: Hex; gasUsed: Hex }

const kept = new Map<LinkedChainOptions['from'], Source[]>()

/**
 * Recorded mainnet blocks as one linked chain of any length: renumbered, with true header hashes, logs numbered from 0.
 * They are repeated in order as often as needed. The first time transactions keep their recorded hashes, then they get
 * others. Blocks are put together when they are asked for, so a chain of 100 000 costs little memory.
 */
export function linkedChain(length: number, { from, parent, salt = '', ...start }: LinkedChainOptions): ServedBlock[] {
  const sources = sourcesOf(from)
  const seconds = start.secondsPerBlock ?? 12
  const firstNumber = start.startNumber ?? (parent ? parent.number + 1 : 1)
  const firstTimestamp = start.startTimestamp ?? (parent ? parent.timestamp + seconds : 1_704_067_200)
  const blocks: ServedBlock[] = []
  for (let place = 0; place < length; place++) {
    const source = sources[place % sources.length]!
    const round = `${Math.floor(place / sources.length)}${salt && ` ${salt}`}`
    const parentHash = (blocks.at(-1) ?? parent)?.hash ?? keccak256(toHex(`before ${firstNumber}`))
    blocks.push(placed(source, round, firstNumber + place, parentHash, firstTimestamp + place * seconds))
  }
  return blocks
}

/** All recorded blocks once: the nine with logs as blocks 1 to 9, then the 21 with calldata as 10 to 30. */
export function corpusChain(): ServedBlock[] {
  const withLogs = linkedChain(9, { from: 'receipts' })
  return [...withLogs, ...linkedChain(21, { from: 'bodies', parent: withLogs.at(-1)! })]
}

function sourcesOf(from: LinkedChainOptions['from']): Source[] {
  const known = kept.get(from)
  if (known) return known
  const recorded: (RecordedBlock | BlockWithCalls)[] = recorders[from]()
  const sources = recorded.map((block) => ({
    ...block,
    logsBloom: logsBloom(block.receipts.flatMap(({ logs }) => logs)),
    receiptsRoot: receiptsRoot(block.receipts),
    gasUsed: block.receipts.at(-1)?.cumulativeGasUsed ?? ('0x0' as Hex),
  }))
  kept.set(from, sources)
  return sources
}

const recorders = {
  receipts: recordedReceipts,
  bodies: recordedBodies,
  traces: () => recordedCalls(),
  answers: () => recordedCalls(answeredTraces()),
}

function placed(source: Source, round: string, number: number, parentHash: Hex, timestamp: number): ServedBlock {
  const { logsBloom: bloom, receiptsRoot: root, gasUsed } = source
  const transactionsRoot = sha256(`transactions of ${source.number} in round ${round}`)
  const header = sealHeader({
    number,
    parentHash,
    timestamp,
    transactionsRoot,
    receiptsRoot: root,
    logsBloom: bloom,
    gasUsed,
  })
  const size = toHex(100_000)
  return {
    number,
    hash: header.hash,
    parentHash,
    timestamp,
    ...('calls' in source && { calls: source.calls }),
    get block(): RpcBlock {
      const where = { blockHash: header.hash, blockNumber: header.number }
      const transactions = source.transactions.map((transaction) => ({
        ...transaction,
        ...where,
        blockTimestamp: header.timestamp,
        hash: hashInRound(transaction.hash, round),
      }))
      return { ...header, size, uncles: [], transactions }
    },
    get receipts(): RpcReceipt[] {
      return placedReceipts(source, round, { blockHash: header.hash, blockNumber: header.number })
    },
  }
}

function placedReceipts(source: Source, round: string, where: { blockHash: Hex; blockNumber: Hex }): RpcReceipt[] {
  let logIndex = 0
  return source.receipts.map((receipt) => {
    const here = { ...where, transactionHash: hashInRound(receipt.transactionHash, round) }
    const logs = receipt.logs.map(({ address, topics, data, transactionIndex }) => ({
      address,
      topics,
      data,
      transactionIndex,
      ...here,
      logIndex: toHex(logIndex++),
      removed: false,
    }))
    return { ...receipt, ...here, logs }
  })
}

function hashInRound(hash: Hex, round: string): Hex {
  return round === '0' ? hash : sha256(`${hash} ${round}`)
}

function sha256(text: string): Hex {
  return `0x${createHash('sha256').update(text).digest('hex')}`
}

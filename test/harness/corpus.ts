import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { keccak256, toHex } from 'viem'
import type { Hex } from '../../src/model/chain.ts'
import { logsBloom } from './node/logsBloom.ts'
import { receiptsRoot } from './node/receiptsRoot.ts'
import type { RpcBlock, RpcReceipt, RpcTransaction, ServedBlock } from './node/rpcTypes.ts'
import { sealHeader, zeroHash } from './node/sealHeader.ts'

/** A recorded block as the test world uses it: its transactions and what became of them, with the recorded hashes. */
export type RecordedBlock = {
  number: number
  transactions: RpcTransaction[]
  receipts: RpcReceipt[]
}

type ReceiptFile = { number: number; block: RpcBlock | null; receipts: RpcReceipt[] }

/** False where the recorded mainnet blocks are not at hand: `test.skipIf(!hasCorpus)`. */
export const hasCorpus = existsSync(process.env.TOCSIN_CORPUS ?? '')

/** One file of the corpus by its path in it, as `receipts/18000000.json.gz`. */
export function readCorpus<T>(path: string): T {
  return JSON.parse(gunzipSync(readFileSync(join(corpusFolder(), path))).toString('utf8')) as T
}

/**
 * The nine blocks with receipts and logs, oldest first. Only 18000000 was recorded with its transactions; those of the
 * others are made from the receipts and have neither input nor value.
 */
export function recordedReceipts(): RecordedBlock[] {
  return receiptFiles().map(({ number, block, receipts }) => ({
    number,
    receipts,
    transactions: block?.transactions ?? receipts.map(transactionOf),
  }))
}

/** The 21 blocks with calldata, oldest first. Their outcome was not recorded: each is given as a success without logs. */
export function recordedBodies(): RecordedBlock[] {
  return filesOf('bodies')
    .map((path) => readCorpus<RpcBlock>(path))
    .sort((a, b) => Number(a.number) - Number(b.number))
    .map(({ number, transactions }) => ({
      number: Number(number),
      transactions,
      receipts: transactions.map(assumedReceipt),
    }))
}

/** A block by what happened inside its transactions, in the form in which `trace_block` answers. */
export type TracedRecord = { number: number; transactions: RpcTransaction[]; traces: unknown[] }

type RecordedTrace = { type: string; block_hash: Hex; trace_address: number[]; transaction_position: number | null } & {
  transaction_hash: Hex | null
  action: Record<string, Hex>
}

/**
 * The 14 blocks with call traces, in the form in which `trace_block` answers. Their transactions are told by the traces
 * alone; receipts are left out, as they were recorded without status and logs.
 */
export function recordedTraces(): (TracedRecord & { hash: Hex })[] {
  return filesOf('traces').map((path) => {
    const { block_number: number, traces } = readCorpus<{ block_number: number; traces: RecordedTrace[] }>(path)
    const hash = traces[0]!.block_hash
    const roots = traces.filter(({ trace_address, type }) => trace_address.length === 0 && type !== 'reward')
    return {
      number,
      hash,
      transactions: roots.map((root) => tracedTransaction(root, number)),
      traces: traces.map(({ block_hash, trace_address, transaction_hash, transaction_position, ...rest }) => ({
        ...rest,
        blockHash: block_hash,
        traceAddress: trace_address,
        transactionHash: transaction_hash,
        transactionPosition: transaction_position,
      })),
    }
  })
}

function tracedTransaction({ action, ...root }: RecordedTrace, number: number): RpcTransaction {
  return {
    hash: root.transaction_hash!,
    blockHash: root.block_hash,
    blockNumber: toHex(number),
    transactionIndex: toHex(root.transaction_position!),
    from: action.from!,
    to: action.to ?? null,
    value: action.value!,
    input: action.input ?? action.init!,
    nonce: '0x0',
    gas: action.gas!,
    type: '0x0',
  }
}

/**
 * The nine receipt blocks under their own numbers and hashes, far apart and not linked. Where no header was recorded it
 * is made up around the true hash, so that only 18000000 stands a check of its header; the bloom is true in all.
 */
export function corpusReceiptBlocks(): ServedBlock[] {
  return receiptFiles().map(({ number, block, receipts }) => {
    const whole = block ?? headerAround(number, receipts)
    return {
      number,
      hash: whole.hash,
      parentHash: whole.parentHash,
      timestamp: Number(whole.timestamp),
      block: whole,
      receipts,
    }
  })
}

function headerAround(number: number, receipts: RpcReceipt[]): RpcBlock {
  const header = sealHeader({
    number,
    parentHash: keccak256(toHex(`before ${number}`)),
    timestamp: timestampOf(number, receipts),
    transactionsRoot: zeroHash,
    receiptsRoot: receiptsRoot(receipts),
    logsBloom: logsBloom(receipts.flatMap(({ logs }) => logs)),
    gasUsed: receipts.at(-1)!.cumulativeGasUsed,
  })
  const transactions = receipts.map(transactionOf)
  return { ...header, hash: receipts[0]!.blockHash, size: toHex(100_000), uncles: [], transactions }
}

/** Some recorded logs carry the time of their block. For the others: counted from 18000000, right to within weeks. */
function timestampOf(number: number, receipts: readonly RpcReceipt[]): number {
  const recorded = receipts.flatMap(({ logs }) => logs)[0]?.blockTimestamp
  if (recorded) return Number(recorded)
  const secondsPerBlock = number > 15_537_394 ? 12.1 : 13.4
  return Math.round(1_693_066_895 + (number - 18_000_000) * secondsPerBlock)
}

function transactionOf(receipt: RpcReceipt): RpcTransaction {
  return {
    hash: receipt.transactionHash,
    blockHash: receipt.blockHash,
    blockNumber: receipt.blockNumber,
    transactionIndex: receipt.transactionIndex,
    from: receipt.from,
    to: receipt.to,
    value: '0x0',
    input: '0x',
    nonce: '0x0',
    gas: receipt.gasUsed,
    gasPrice: receipt.effectiveGasPrice,
    type: receipt.type,
  }
}

function assumedReceipt(transaction: RpcTransaction, index: number): RpcReceipt {
  return {
    transactionHash: transaction.hash,
    transactionIndex: toHex(index),
    blockHash: transaction.blockHash,
    blockNumber: transaction.blockNumber,
    from: transaction.from,
    to: transaction.to,
    contractAddress: null,
    cumulativeGasUsed: toHex(21_000 * (index + 1)),
    gasUsed: toHex(21_000),
    effectiveGasPrice: transaction.gasPrice ?? '0x0',
    logs: [],
    logsBloom: logsBloom([]),
    type: transaction.type,
    status: '0x1',
  }
}

function receiptFiles(): ReceiptFile[] {
  return filesOf('receipts')
    .map((path) => readCorpus<ReceiptFile>(path))
    .sort((a, b) => a.number - b.number)
}

/** The files of one folder of the corpus, as paths for `readCorpus`. */
export function filesOf(folder: string): string[] {
  return readdirSync(join(corpusFolder(), folder)).map((file) => join(folder, file))
}

function corpusFolder(): string {
  const folder = process.env.TOCSIN_CORPUS
  if (!folder) throw new Error('TOCSIN_CORPUS names no folder of recorded blocks')
  return folder
}

import {
  type Abi,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  getContractAddress,
  keccak256,
  parseAbi,
  toHex,
  toRlp,
} from 'viem'
import type { Address, Hex } from '../../../src/model/chain.ts'
import { logsBloom } from './logsBloom.ts'
import { orderedRoot, quantity, receiptsRoot } from './receiptsRoot.ts'
import type { RpcReceipt, RpcTransaction, ServedBlock } from './rpcTypes.ts'
import { sealHeader, zeroHash } from './sealHeader.ts'
import { signatureOf, signedBytes } from './signedBytes.ts'
import type { SomeCall } from './someCall.ts'

export type SomeLog = { address: Address; topics: Hex[]; data: Hex }

export type SomeTransaction = {
  hash: Hex
  from: Address
  /** Null creates a contract. */
  to: Address | null
  /** In wei. */
  value: bigint
  input: Hex
  nonce: number
  gas: number
  gasUsed: number
  /** In wei per unit of gas. */
  gasPrice: number
  status: 'success' | 'reverted'
  logs: SomeLog[]
  /** What it calls inside. */
  calls: readonly SomeCall[]
}

export type SomeBlock = {
  /** The block before; the next number and 12 seconds more follow from it. */
  parent?: ServedBlock
  number?: number
  /** Unix time in seconds. */
  timestamp?: number
  transactions?: readonly SomeTransaction[]
  /** Sets two blocks with the same contents apart, as the two sides of a reorg. At most 32 bytes. */
  salt?: string
  miner?: Address
  /** Its transactions carry a signature, so that their hashes (others than `tx` gave them) and their root are true. */
  signed?: boolean
}

/** 2024-01-01T00:00:00Z: where a chain without a parent begins. */
const firstTimestamp = 1_704_067_200

/** Counts up so that no two transactions of a test are the same by accident; one that is used twice keeps its hash. */
let nextNonce = 0

/** An address that is easy to recognise: account(1) is 0x0000…0001. */
export const account = (number: number): Address => `0x${number.toString(16).padStart(40, '0')}`

export function log({ address, topics = [], data = '0x' }: Partial<SomeLog> & { address: Address }): SomeLog {
  return { address, topics, data }
}

/** A log written as its event: `event('event Paused(address account)', vault, { account: ana })`. */
export function event(signature: string, address: Address, args: Record<string, unknown> = {}): SomeLog {
  const abi: Abi = parseAbi([signature])
  const item = abi[0]
  if (item?.type !== 'event') throw new Error(`not an event: ${signature}`)
  const topics = encodeEventTopics({ abi, eventName: item.name, args }).flatMap((topic) => topic ?? [])
  const plain = item.inputs.filter(({ indexed }) => !indexed)
  const values = plain.map(({ name = '' }) => args[name])
  return { address, topics, data: encodeAbiParameters(plain, values) }
}

/** Calldata written as its function: `call('function transfer(address to, uint256 value)', [ana, 5n])`. */
export function call(signature: string, args: readonly unknown[] = []): Hex {
  const abi: Abi = parseAbi([signature])
  return encodeFunctionData({ abi, args })
}

export function tx(fields: Partial<SomeTransaction> = {}): SomeTransaction {
  const plain = {
    from: account(0xa11ce),
    to: account(0xb0b),
    value: 0n,
    input: '0x' as Hex,
    nonce: nextNonce++,
    gas: 1_000_000,
    gasUsed: 21_000,
    gasPrice: 20_000_000_000,
    status: 'success' as const,
    logs: [],
    calls: [],
    ...fields,
  }
  const identity = [plain.from, plain.to ?? '0x', quantity(plain.value), quantity(plain.nonce), plain.input]
  return { hash: keccak256(toRlp(identity)), ...plain }
}

/**
 * One block, sealed as consensus would: header hash, receipts root and bloom are true, logs and receipts agree with it.
 * Only `stateRoot` is made up, and unless it is `signed` its `transactionsRoot`.
 */
export function block({ parent, salt = '', signed = false, ...rest }: SomeBlock = {}): ServedBlock {
  const transactions = signed ? (rest.transactions ?? []).map(sign) : (rest.transactions ?? [])
  const number = rest.number ?? (parent ? parent.number + 1 : 1)
  const timestamp = rest.timestamp ?? (parent ? parent.timestamp + 12 : firstTimestamp)
  const receipts = draftReceipts(transactions, number)
  const logs = receipts.flatMap((receipt) => receipt.logs)
  const header = sealHeader({
    number,
    parentHash: parent?.hash ?? keccak256(toHex(`before ${number}`)),
    timestamp,
    transactionsRoot: signed
      ? orderedRoot(transactions.map((transaction) => signedBytes(rpcTransaction(transaction, 0, number, zeroHash))))
      : keccak256(toRlp(transactions.map(({ hash }) => hash))),
    receiptsRoot: receiptsRoot(receipts),
    logsBloom: logsBloom(logs),
    gasUsed: receipts.at(-1)?.cumulativeGasUsed ?? '0x0',
    salt,
    ...(rest.miner && { miner: rest.miner }),
  })
  const { hash } = header
  for (const receipt of receipts) {
    receipt.blockHash = hash
    for (const entry of receipt.logs) entry.blockHash = hash
  }
  const rpcTransactions = transactions.map((transaction, index) => {
    const plain = rpcTransaction(transaction, index, number, hash)
    return signed ? { ...plain, ...signatureOf(plain) } : plain
  })
  const size = toHex(600 + 150 * transactions.length)
  return {
    number,
    hash,
    parentHash: header.parentHash,
    timestamp,
    block: { ...header, size, uncles: [], transactions: rpcTransactions },
    receipts,
    calls: transactions.map(({ calls }) => calls),
  }
}

/** A linked run of blocks: `fill` gives the transactions of each, by its place in the run. */
export function chain(
  length: number,
  fill: (place: number) => readonly SomeTransaction[] = () => [],
  first: Omit<SomeBlock, 'transactions'> = {},
): ServedBlock[] {
  const blocks: ServedBlock[] = []
  for (let place = 0; place < length; place++) {
    const parent = blocks.at(-1)
    const transactions = fill(place)
    const { salt = '', signed = false } = first
    blocks.push(block(parent ? { parent, transactions, salt, signed } : { ...first, transactions }))
  }
  return blocks
}

function draftReceipts(transactions: readonly SomeTransaction[], number: number): RpcReceipt[] {
  let gas = 0
  let logIndex = 0
  return transactions.map((transaction, index) => {
    gas += transaction.gasUsed
    const place = { blockHash: zeroHash, blockNumber: toHex(number), transactionIndex: toHex(index) }
    const logs = transaction.logs.map((entry) => ({
      ...entry,
      ...place,
      transactionHash: transaction.hash,
      logIndex: toHex(logIndex++),
      removed: false,
    }))
    return {
      ...place,
      transactionHash: transaction.hash,
      from: transaction.from,
      to: transaction.to,
      contractAddress: transaction.to === null ? createdBy(transaction) : null,
      cumulativeGasUsed: toHex(gas),
      gasUsed: toHex(transaction.gasUsed),
      effectiveGasPrice: toHex(transaction.gasPrice),
      logs,
      logsBloom: logsBloom(logs),
      type: '0x2',
      status: transaction.status === 'success' ? '0x1' : '0x0',
    }
  })
}

function sign(transaction: SomeTransaction): SomeTransaction {
  return { ...transaction, hash: keccak256(signedBytes(rpcTransaction(transaction, 0, 0, zeroHash))) }
}

function createdBy({ from, nonce }: SomeTransaction): Address {
  return getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Address
}

function rpcTransaction(transaction: SomeTransaction, index: number, number: number, hash: Hex): RpcTransaction {
  return {
    hash: transaction.hash,
    blockHash: hash,
    blockNumber: toHex(number),
    transactionIndex: toHex(index),
    from: transaction.from,
    to: transaction.to,
    value: toHex(transaction.value),
    input: transaction.input,
    nonce: toHex(transaction.nonce),
    gas: toHex(transaction.gas),
    gasPrice: toHex(transaction.gasPrice),
    type: '0x2',
  }
}

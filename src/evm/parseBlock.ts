import type { Block, BlockHeader, Hex, Transaction } from '../model/chain.ts'
import { asAddress, asBigint, asBytes, asHash, asHex, asList, asNumber, asObject, type Raw } from './parseHex.ts'

const transactionsMax = 100_000
/** The last second of the year 9999: what comes later no database and no `Date` can be trusted with. */
const timestampMax = 253_402_300_799

/** Chains that keep no blooms give an empty one or none at all. It rules nothing out. */
const noBloom: Hex = `0x${'00'.repeat(256)}`

/** @throws {RpcError} The answer is no block header. */
export function parseHeader(raw: unknown): BlockHeader {
  const block = asObject(raw, 'a block')
  return {
    number: asNumber(block.number, 'a block number'),
    hash: asHash(block.hash, 'a block hash'),
    parentHash: asHash(block.parentHash, 'a parent hash'),
    timestamp: asNumber(block.timestamp, 'a block timestamp', timestampMax),
    logsBloom: block.logsBloom == null ? noBloom : asBytes(block.logsBloom, 256, 'a logs bloom'),
    ...(block.receiptsRoot != null && { receiptsRoot: asHash(block.receiptsRoot, 'a receipts root') }),
  }
}

/** A block with its transactions, as `eth_getBlockByNumber` gives it when asked for all. @throws {RpcError} */
export function parseBlock(raw: unknown): Block {
  const header = parseHeader(raw)
  const list = asList((raw as Raw).transactions, 'the transactions of a block', transactionsMax)
  return { ...header, transactions: list.map(parseTransaction), receipts: null }
}

/** Fields that chains of other kinds leave out are read as their neutral value; those that we judge by must be there. */
export function parseTransaction(raw: unknown, index: number): Transaction {
  const transaction = asObject(raw, 'a transaction')
  return {
    hash: asHash(transaction.hash, 'a transaction hash'),
    index,
    from: asAddress(transaction.from, 'the sender of a transaction'),
    to: transaction.to == null ? null : asAddress(transaction.to, 'the recipient of a transaction'),
    value: transaction.value == null ? 0n : asBigint(transaction.value, 'the value of a transaction'),
    input: asHex(transaction.input ?? transaction.data ?? '0x', 'the input of a transaction'),
    nonce: transaction.nonce == null ? 0 : Number(asBigint(transaction.nonce, 'the nonce of a transaction')),
    gas: transaction.gas == null ? 0n : asBigint(transaction.gas, 'the gas of a transaction'),
  }
}

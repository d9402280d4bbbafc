import type { Block, Hex, Log, Receipt } from '../model/chain.ts'
import { asAddress, asBigint, asHex, asList, asNumber, asObject, asTopic, isHash, type Raw } from './parseHex.ts'
import { RpcError } from './rpc/rpcError.ts'

const logsMax = 1_000_000
const topicsMax = 4

/** Receipts of a block; `faults` names what in them could not be read, so that nobody takes it for silence. */
export type ParsedReceipts = { receipts: Receipt[]; faults: string[] }

/**
 * Reads the receipts of `block` and checks that they are its own: one for each transaction, in order, of this hash.
 * A log that is no log is left out and named in `faults`.
 * @throws {RpcError} They are not the receipts of this block.
 */
export function parseReceipts(raw: unknown, block: Block): ParsedReceipts {
  const list = asList(raw, 'the receipts of a block', block.transactions.length)
  if (list.length !== block.transactions.length) {
    const counts = `${list.length} receipts for ${block.transactions.length} transactions`
    throw new RpcError('malformed', `A provider gave ${counts} of block ${block.number}.`)
  }
  const faults: string[] = []
  return { receipts: list.map((item, index) => parseReceipt(item, index, block, faults)), faults }
}

function parseReceipt(raw: unknown, index: number, block: Block, faults: string[]): Receipt {
  const receipt = asObject(raw, 'a receipt')
  const transaction = block.transactions[index]!
  const { hash } = transaction
  if (
    !isHash(receipt.transactionHash, hash, 'the transaction hash of a receipt') ||
    !isHash(receipt.blockHash, block.hash, 'the block hash of a receipt')
  ) {
    throw new RpcError(
      'malformed',
      `A provider gave receipts of another block for block ${block.number} (${block.hash}).`,
    )
  }
  const logs: Log[] = []
  for (const [position, item] of asList(receipt.logs ?? [], 'the logs of a receipt', logsMax).entries()) {
    try {
      logs.push(parseLog(item, position, hash, index))
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (faults.length < 10) faults.push(`log ${position} of transaction ${hash}: ${error.message}`)
    }
  }
  return {
    transactionHash: hash,
    transactionIndex: index,
    status: statusOf(receipt),
    from: transaction.from,
    to: transaction.to,
    contractAddress: receipt.contractAddress == null ? null : asAddress(receipt.contractAddress, 'a created contract'),
    gasUsed: asBigint(receipt.gasUsed, 'the gas used'),
    effectiveGasPrice: receipt.effectiveGasPrice == null ? 0n : asBigint(receipt.effectiveGasPrice, 'a gas price'),
    logs,
  }
}

function statusOf(receipt: Raw): Receipt['status'] {
  if (receipt.status == null) return 'unknown'
  return asBigint(receipt.status, 'the status of a receipt') === 0n ? 'reverted' : 'success'
}

function parseLog(raw: unknown, position: number, transactionHash: Hex, transactionIndex: number): Log {
  const log = asObject(raw, 'a log')
  return {
    address: asAddress(log.address, 'the address of a log'),
    topics: asList(log.topics, 'the topics of a log', topicsMax).map((topic) => asTopic(topic, 'a topic')),
    data: asHex(log.data ?? '0x', 'the data of a log'),
    logIndex: asNumber(log.logIndex, 'the index of a log', logsMax),
    position,
    transactionHash,
    transactionIndex,
  }
}

import { toHex } from 'viem'
import type { Hex } from '../../../src/model/chain.ts'
import { logsBloom } from './logsBloom.ts'
import type { RpcBlock, RpcLog, RpcReceipt, ServedBlock } from './rpcTypes.ts'

/**
 * A lie about a block that hangs together as far as it goes, so that one check alone sees through it.
 *
 * - `hash`: block and receipts carry a hash that is not that of the header.
 * - `header`: the header tells another time, under the true hash.
 * - `log`: the data of the last log is another; the bloom and all hashes are the true ones. Only the receipts root tells.
 * - `bloom`: the last log is gone, and the blooms of header and receipt agree. The header's hash and receipts root tell.
 */
export type Forgery = 'hash' | 'header' | 'log' | 'bloom'

/** Leads from the true hash to the false one, and back: the first digit is turned over. */
export function falseHash(hash: string): Hex {
  return `0x${(15 - Number.parseInt(hash[2]!, 16)).toString(16)}${hash.slice(3)}`
}

/** What a liar answers when asked for this block or its receipts. */
export function forged(block: ServedBlock, as: Forgery, method: string, params: readonly unknown[]): unknown {
  const receipts = forgedReceipts(block.receipts, as)
  if (method === 'eth_getBlockReceipts') return receipts
  const { transactions, ...header } = forgedHeader(block, receipts, as)
  return { ...header, transactions: params[1] === true ? transactions : transactions.map(({ hash }) => hash) }
}

function forgedHeader({ block, hash }: ServedBlock, receipts: readonly RpcReceipt[], as: Forgery): RpcBlock {
  switch (as) {
    case 'hash':
      return { ...block, hash: falseHash(hash) }
    case 'header':
      return { ...block, timestamp: toHex(Number(block.timestamp) + 1) }
    case 'log':
      return block
    case 'bloom':
      return { ...block, logsBloom: logsBloom(receipts.flatMap(({ logs }) => logs)) }
  }
}

function forgedReceipts(receipts: readonly RpcReceipt[], as: Forgery): RpcReceipt[] {
  const last = receipts.findLastIndex(({ logs }) => logs.length > 0)
  return receipts.map((receipt, index) => {
    if (as === 'hash') return { ...receipt, blockHash: falseHash(receipt.blockHash) }
    if (as === 'header' || index !== last) return receipt
    const logs =
      as === 'log' ? [...receipt.logs.slice(0, -1), otherData(receipt.logs.at(-1)!)] : receipt.logs.slice(0, -1)
    return { ...receipt, logs, logsBloom: logsBloom(logs) }
  })
}

function otherData(log: RpcLog): RpcLog {
  const data = log.data === '0x' ? '0x' : (`${log.data.slice(0, -1)}${log.data.endsWith('7') ? '8' : '7'}` as Hex)
  return { ...log, data }
}

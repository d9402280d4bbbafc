import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from './corpus.ts'
import { corpusChain, linkedChain } from './corpusChain.ts'
import { headerHash } from './node/headerHash.ts'
import { logsBloom } from './node/logsBloom.ts'
import { receiptsRoot } from './node/receiptsRoot.ts'
import type { ServedBlock } from './node/rpcTypes.ts'
import { startNode } from './node/startNode.ts'

/** Whatever a careful reader checks of one block and its receipts. */
function contradictions({ number, hash, parentHash, timestamp, block, receipts }: ServedBlock): string[] {
  const logs = receipts.flatMap((receipt) => receipt.logs)
  const checks: Record<string, boolean> = {
    header: Number(block.number) === number && block.hash === hash && block.parentHash === parentHash,
    time: Number(block.timestamp) === timestamp,
    bloom: block.logsBloom === logsBloom(logs),
    receiptsRoot: block.receiptsRoot === receiptsRoot(receipts),
    transactions: block.transactions.every((entry, index) => {
      const receipt = receipts[index]
      const same = receipt?.transactionHash === entry.hash && receipt.from === entry.from && receipt.to === entry.to
      return (
        same &&
        Number(entry.transactionIndex) === index &&
        entry.blockHash === hash &&
        Number(entry.blockTimestamp ?? timestamp) === timestamp
      )
    }),
    receipts: receipts.length === block.transactions.length && receipts.every((receipt) => receipt.blockHash === hash),
    logs: logs.every((log, index) => Number(log.logIndex) === index && log.blockHash === hash),
    logsOfTheirReceipt: receipts.every((receipt) =>
      receipt.logs.every((log) => log.transactionHash === receipt.transactionHash),
    ),
  }
  return Object.entries(checks).flatMap(([check, holds]) => (holds ? [] : [`${check} of block ${number}`]))
}

describe.skipIf(!hasCorpus)('recorded blocks', () => {
  test('are served under their own numbers and hashes', async () => {
    const blocks = corpusReceiptBlocks()
    expect(blocks.flatMap(contradictions)).toEqual([])
    expect(blocks.map(({ receipts }) => receipts.length)).toEqual([252, 263, 261, 140, 94, 125, 113, 123, 40])
    const times = blocks.map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const node = await startNode({ blocks })
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['0x112a880', false] })
    const answered = (await (await fetch(node.url, { method: 'POST', body })).json()) as { result: unknown }
    expect(answered.result).toMatchObject({
      hash: '0x95b198e154acbfc64109dfd22d8224fe927fd8dfdedfae01587674482ba4baf3',
    })
    await node.close()
  })

  test.each([
    ['receipts', 11],
    ['bodies', 22],
  ] as const)('link into a chain longer than the recording: %s', (from, length) => {
    const blocks = linkedChain(length, { from, startNumber: 500, startTimestamp: 1000, secondsPerBlock: 2 })
    expect(blocks.flatMap(contradictions)).toEqual([])
    expect(blocks.slice(1).every((block, index) => block.parentHash === blocks[index]!.hash)).toBe(true)
    expect(blocks.every(({ block, hash }) => headerHash(block) === hash)).toBe(true)
    expect(blocks.at(-1)).toMatchObject({ number: 499 + length, timestamp: 998 + 2 * length })
    const hashes = blocks.flatMap(({ block }) => block.transactions.map(({ hash }) => hash))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  test('fork: the other side has the same logs under other hashes', () => {
    const parent = linkedChain(3, { from: 'receipts' })[2]!
    const [one, other] = ['', 'other side'].map((salt) => linkedChain(12, { from: 'receipts', parent, salt }))
    expect(other!.flatMap(contradictions)).toEqual([])
    const hashes = (chain: ServedBlock[]) =>
      chain.flatMap(({ hash, block: { transactions } }) => [hash, ...transactions.map((each) => each.hash)])
    const theirs = new Set(hashes(other!))
    expect(hashes(one!).filter((hash) => theirs.has(hash))).toEqual([])
    const logs = (chain: ServedBlock[]) => chain.flatMap(({ receipts }) => receipts.map(({ logs }) => logs.length))
    expect(logs(other!)).toEqual(logs(one!))
  })

  test('keep their transactions and logs when linked', () => {
    const linked = corpusChain()
    expect(linked.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(linked[9]!.parentHash).toBe(linked[8]!.hash)
    const contents = ({ receipts }: ServedBlock) =>
      receipts.map(({ transactionHash, status, logs }) => ({
        transactionHash,
        status,
        logs: logs.map(({ address, topics, data, logIndex }) => ({ address, topics, data, logIndex })),
      }))
    expect(linked.slice(0, 9).map(contents)).toEqual(corpusReceiptBlocks().map(contents))
  })
})

import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../../../src/model/chain.ts'
import { filesOf, hasCorpus, readCorpus } from '../corpus.ts'
import { account, block, call, chain, event, log, tx } from './block.ts'
import { headerHash } from './headerHash.ts'
import { logsBloom } from './logsBloom.ts'
import { orderedRoot, receiptsRoot } from './receiptsRoot.ts'
import type { RpcBlock, RpcReceipt } from './rpcTypes.ts'

/** Asks a bloom as its reader does, with bits of one big number: nothing in common with how it was made. */
function mayHold(bloom: Hex, item: Hex): boolean {
  const digest = keccak256(item).slice(2)
  const bits = [0, 4, 8].map((at) => BigInt(`0x${digest.slice(at, at + 4)}`) % 2048n)
  return bits.every((bit) => (BigInt(bloom) >> bit) % 2n === 1n)
}

describe('a built block', () => {
  const vault = account(0x7a)
  const paused = event('event Paused(address account)', vault, { account: account(1) })
  const moved = event('event Moved(address indexed by, uint256 amount)', vault, { by: account(2), amount: 5n })
  const transactions = [
    tx({ to: vault, logs: [paused] }),
    tx({ status: 'reverted', gasUsed: 50_000 }),
    tx({ to: null, logs: [log({ address: vault }), moved] }),
  ]
  const [parent, child] = chain(2, () => transactions, { number: 100, timestamp: 1000 })

  test('links to its parent and goes on in time', () => {
    expect(child).toMatchObject({ number: 101, parentHash: parent!.hash, timestamp: 1012 })
    expect(child!.block).toMatchObject({ number: '0x65', parentHash: parent!.hash, timestamp: '0x3f4' })
    expect(headerHash(child!.block)).toBe(child!.hash)
  })

  test('has receipts and logs that agree with it', () => {
    const { receipts, hash } = child!
    expect(receipts.map(({ status }) => status)).toEqual(['0x1', '0x0', '0x1'])
    expect(receipts.map(({ cumulativeGasUsed }) => Number(cumulativeGasUsed))).toEqual([21_000, 71_000, 92_000])
    expect(receipts.map(({ contractAddress }) => contractAddress !== null)).toEqual([false, false, true])
    const logs = receipts.flatMap((receipt) => receipt.logs)
    expect(logs.map(({ logIndex }) => logIndex)).toEqual(['0x0', '0x1', '0x2'])
    expect(logs.map(({ transactionHash }) => transactionHash)).toEqual(
      [0, 2, 2].map((index) => transactions[index]!.hash),
    )
    expect(new Set(logs.map(({ blockHash }) => blockHash))).toEqual(new Set([hash]))
    expect(logs[0]!.data).toBe(`0x${'1'.padStart(64, '0')}`)
    expect(logs[2]!.topics).toHaveLength(2)
  })

  test('has a bloom that holds all that it should and hardly anything else', () => {
    const bloom = child!.block.logsBloom
    expect([vault, ...paused.topics, ...moved.topics].every((item) => mayHold(bloom, item))).toBe(true)
    const others = Array.from({ length: 1000 }, (_, index) => account(0x10000 + index))
    expect(others.filter((item) => mayHold(bloom, item)).length).toBeLessThan(5)
  })

  test('keeps the hashes of transactions in another block, and two transactions never share one', () => {
    const other = block({ number: 5, transactions })
    expect(other.receipts.map(({ transactionHash }) => transactionHash)).toEqual(
      child!.receipts.map(({ transactionHash }) => transactionHash),
    )
    expect(other.hash).not.toBe(child!.hash)
    expect(tx().hash).not.toBe(tx().hash)
    expect(block({ number: 5, salt: 'a' }).hash).not.toBe(block({ number: 5, salt: 'b' }).hash)
  })

  test('can be called by the words of an ABI', () => {
    expect(call('function transfer(address to, uint256 value)', [account(1), 2n]).slice(0, 10)).toBe('0xa9059cbb')
  })
})

describe.skipIf(!hasCorpus)('what seals a block gives what mainnet gave', () => {
  test('header hashes, from before the Merge to after Dencun', () => {
    const blocks = filesOf('bodies').map((path) => readCorpus<RpcBlock>(path))
    expect(blocks.map(headerHash)).toEqual(blocks.map(({ hash }) => hash))
  })

  test('receipts root and bloom of block 18000000', () => {
    const { block: whole, receipts } = readCorpus<{ block: RpcBlock; receipts: RpcReceipt[] }>(
      'receipts/18000000.json.gz',
    )
    expect(headerHash(whole)).toBe(whole.hash)
    expect(receiptsRoot(receipts)).toBe(whole.receiptsRoot)
    expect(logsBloom(receipts.flatMap(({ logs }) => logs))).toBe(whole.logsBloom)
  })

  test('the bloom of every receipt', () => {
    const receipts = filesOf('receipts').flatMap((path) => readCorpus<{ receipts: RpcReceipt[] }>(path).receipts)
    expect(receipts).toHaveLength(1411)
    expect(receipts.map(({ logs }) => logsBloom(logs))).toEqual(receipts.map((receipt) => receipt.logsBloom))
  })
})

test('the root over nothing, and over more than one trie level', () => {
  expect(orderedRoot([])).toBe('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
  const roots = [1, 2, 17, 128, 129, 300].map((length) =>
    orderedRoot(Array.from({ length }, (_, index) => toHex(index, { size: 40 }))),
  )
  expect(new Set(roots).size).toBe(6)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { block, chain, tx } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { canaries, canary, monitor } from '../../../test/harness/watchScene.ts'
import { createDispatchIndex } from '../../watch/dispatchIndex.ts'
import { measureReceipts } from './measureReceipts.ts'

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: chain(300, (place) => (place % 10 === 0 ? [canary(place)] : [])) })
})
afterEach(() => node.close())

const { wantsReceipts } = createDispatchIndex([monitor('canaries', canaries)])
const newest = { number: 300, hash: '0x01', parentHash: '0x02', timestamp: 0, logsBloom: '0x' } as const
const measure = (blocksPerDay: number, receiptsAtOnce = true) =>
  measureReceipts(openTestClient(node.url), { newest, blocksPerDay, receiptsAtOnce }, wantsReceipts)
const numbersAsked = () =>
  node.requests.list
    .filter(({ method }) => method === 'eth_getBlockByNumber')
    .map(({ params: [number] }) => Number(number))
    .toSorted((a, b) => b - a)

test('looks at 50 blocks, spread over the last hour', async () => {
  expect(await measure(7200)).toMatchObject({ looked: 50 })
  expect(numbersAsked().slice(0, 3)).toEqual([300, 294, 288])
  expect(numbersAsked().at(-1)).toBe(6)
  expect(node.requests.byMethod).toMatchObject({ eth_getBlockByNumber: 50 })
})

test('looks at each block of the hour where there are fewer, and counts those that are wanted', async () => {
  expect(await measure(30 * 24)).toEqual({ looked: 30, wanted: 3, calls: { eth_getBlockReceipts: 1 } })
  expect(numbersAsked()).toEqual(Array.from({ length: 30 }, (_, index) => 300 - index))
})

test('where receipts come one by one, a block takes as many calls as it has transactions, and never none', async () => {
  expect((await measure(30 * 24, false))?.calls).toEqual({ eth_getTransactionReceipt: 1 })
  node.chain.extend(block({ parent: node.chain.head(), transactions: Array.from({ length: 58 }, () => tx()) }))
  const longer = { newest: { ...newest, number: 301 }, blocksPerDay: 30 * 24, receiptsAtOnce: false }
  expect((await measureReceipts(openTestClient(node.url), longer, wantsReceipts))?.calls).toEqual({
    eth_getTransactionReceipt: (58 + 2) / 30,
  })
})

test('goes by the blocks that it is given, and tells nothing where there are none', async () => {
  const stop = node.faults.add({ kind: 'nullHeadBlock' })
  expect(await measure(30 * 24)).toMatchObject({ looked: 29, wanted: 3 })
  stop()
  node.faults.add({ kind: 'error', code: -32000, message: 'try later', methods: ['eth_getBlockByNumber'] })
  expect(await measure(30 * 24)).toBeNull()
})

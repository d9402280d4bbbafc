import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/harness/database.ts'
import { account, chain, log, tx } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { canaries, canary, monitor, startWatch } from '../../../test/harness/watchScene.ts'
import { fetchHeader } from '../../evm/fetchBlock.ts'
import type { Watch } from '../../model/detector.ts'
import type { Read } from '../../model/read.ts'
import { createDispatchIndex } from '../../watch/dispatchIndex.ts'
import { estimateCalls } from './estimateCalls.ts'
import { measureReceipts } from './measureReceipts.ts'

const balance: Read = { at: 'block', kind: 'balance', of: account(1) }
const code: Read = { at: 'parent', kind: 'code', of: account(1) }
const call = (data: '0x01' | '0x02'): Read => ({ at: 'block', kind: 'call', to: account(1), data })
const detect = () => ({})

const states: Watch = {
  interests: [
    { kind: 'state', reads: [balance, call('0x01')], everyBlocks: 1 },
    { kind: 'state', reads: [code], everyBlocks: 5 },
  ],
  detect,
}
/** What it shares with the other is read once. */
const ticking: Watch = {
  interests: [{ kind: 'tick', everyBlocks: 2 }],
  reads: () => [call('0x01'), call('0x02')],
  detect,
}
const newest = { number: 9, hash: '0x09', parentHash: '0x08', timestamp: 1_772_334_000, logsBloom: '0x' } as const
const day = { blocksPerDay: 7200, pollMs: 2000, isTold: false, newest, watches: [states, ticking] }

test('a day is the sum of what every look and every block ask for', () => {
  expect(estimateCalls(day, 1)).toEqual({
    // Every 2 s the head, every 12 s the newest final block, and each block.
    eth_getBlockByNumber: 43_200 + 7200 + 7200,
    eth_getBalance: 7200,
    eth_getCode: 7200 / 5,
    eth_call: 7200 + 7200 / 2,
  })
})

test('receipts are asked for by monitors of logs and transactions only, at most those of every block', () => {
  const receipts = (watches: Watch[], share: number) => estimateCalls({ ...day, watches }, share).eth_getBlockReceipts
  expect([receipts([canaries], 1), receipts([canaries], 0.25), receipts([states], 1)]).toEqual([7200, 1800, undefined])
  const touching: Watch = { interests: [{ kind: 'transaction', touching: [account(1)] }], detect }
  expect(receipts([states, touching], 1)).toBe(7200)
})

test('a WebSocket tells of every block, and spares no poll', () => {
  const { eth_getBlockByNumber, eth_subscription } = estimateCalls({ ...day, isTold: true }, 1)
  expect([eth_getBlockByNumber, eth_subscription]).toEqual([43_200 + 2 * 7200, 7200])
})

test('what else a block asks for is added', () => {
  const alsoPerBlock = { debug_traceBlockByHash: 0.5, eth_getBlockByNumber: 2 }
  const { eth_getBlockByNumber, debug_traceBlockByHash } = estimateCalls({ ...day, alsoPerBlock }, 1)
  expect([eth_getBlockByNumber, debug_traceBlockByHash]).toEqual([43_200 + 2 * 7200 + 2 * 7200, 3600])
})

test('a detector that fails is left out, and a chain slower than the polls asks for its final block with each', () => {
  const failing: Watch = { ...ticking, reads: () => JSON.parse('no') }
  expect(estimateCalls({ ...day, watches: [failing], pollMs: 60_000 }, 1)).toEqual({
    eth_getBlockByNumber: 1440 * 2 + 7200,
  })
})

const blocks = 20
const quiet = tx({ logs: [log({ address: account(9) })] })

let node: TestNode
beforeAll(async () => {
  // Every third block has something for the monitors.
  node = await startNode({ blocks: chain(blocks, (place) => [place % 3 === 0 ? canary(place) : quiet]) })
})
afterAll(() => node?.close())

test.each([
  ['at once', true],
  ['one by one', false],
])('the loop asks what was estimated of it, where receipts come %s', async (_how, receiptsAtOnce) => {
  const stop = receiptsAtOnce
    ? () => {}
    : node.faults.add({ kind: 'error', code: -32601, message: 'no such method', methods: ['eth_getBlockReceipts'] })
  const watches = [canaries, states, ticking]
  const monitors = watches.map((watch, index) => monitor(`monitor ${index}`, watch))
  const client = openTestClient(node.url)
  const head = (await fetchHeader(client, 'latest'))!
  const { wantsReceipts } = createDispatchIndex(monitors)
  const receipts = await measureReceipts(
    client,
    { newest: head, blocksPerDay: blocks * 24, receiptsAtOnce },
    wantsReceipts,
  )
  expect(receipts).toMatchObject({ looked: blocks, wanted: 7 })
  client.close()

  node.requests.reset()
  const database = await createTestDatabase()
  const watch = startWatch({ db: database.db, urls: [node.url], monitors })
  await watch.reach(node.chain.head())
  await watch.stop()
  await database.drop()
  stop()
  const estimated = estimateCalls(
    { ...day, watches, blocksPerDay: blocks, receiptCalls: receipts!.calls },
    receipts!.wanted / blocks,
  )
  // How often the head was looked at depends on the pace of this machine, as does how soon a refusal is known.
  const { eth_getBlockByNumber: _, eth_chainId: __, ...asked } = node.requests.byMethod
  const { eth_getBlockByNumber: ___, ...expected } = estimated
  if (!receiptsAtOnce) delete asked.eth_getBlockReceipts
  expect(asked).toEqual(expected)
})

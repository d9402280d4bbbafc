import { expect, test } from 'vitest'
import { canaries, monitor } from '../../../test/harness/watchScene.ts'
import type { ReceiptsWanted } from '../../discover/check/measureReceipts.ts'
import type { TraceScope } from '../../model/detector.ts'
import type { Monitor } from '../../model/monitor.ts'
import { Secret } from '../../model/secret.ts'
import { costLine } from './costLine.ts'
import { costOf } from './costOf.ts'
import { costTable } from './costTable.ts'

const newest = { number: 9, hash: '0x09', parentHash: '0x08', timestamp: 1_772_334_000, logsBloom: '0x' } as const
const watching = monitor('balances', {
  interests: [
    { kind: 'state', reads: [{ at: 'block', kind: 'balance', of: '0xaa' }], everyBlocks: 1 },
    { kind: 'state', reads: [{ at: 'block', kind: 'call', to: '0xaa', data: '0x01' }], everyBlocks: 4 },
  ],
  detect: () => ({}),
})
const elsewhere = monitor('elsewhere', watching.watch, { chainId: 10 })
const chain = {
  name: 'mainnet',
  id: 1,
  rpc: [] as Secret[],
  confirmations: 2,
  finalityDepth: 64,
  quorum: 1,
  verify: 'auto' as const,
  headerFields: [],
  startAt: 'latest' as const,
  lookBack: 1000,
  pollMs: 12_000,
  blindAfterMs: 60_000,
  staleAfterMs: 60_000,
  explorer: null,
}
const monitors = [monitor('canaries', canaries), watching, elsewhere]

const receiptsAtOnce = { looked: 50, wanted: 5, calls: { eth_getBlockReceipts: 1 } }

/** With 7,200 blocks a day and a look every 12 s. */
function cost(rpc: string[], receipts: ReceiptsWanted | null = receiptsAtOnce) {
  const urls = rpc.map((url) => new Secret(url, 'env:RPC'))
  return costOf({ chain: { ...chain, rpc: urls }, newest, blocksPerDay: 7200, receipts }, { monitors })!
}

test('a day is told by method, and in the units of each provider that is known', () => {
  const rpc = ['https://eth-mainnet.g.alchemy.com/v2/k3y', 'https://mainnet.infura.io/v3/k3y', 'http://10.0.0.7:8545']
  // Alchemy: 20 x 21,600 + 20 x 7,200 (720) + 20 x 7,200 + 26 x 1,800. Infura: 80 for each, 1,000 for receipts.
  expect(costTable([cost(rpc)])).toMatchInlineSnapshot(`
    "mainnet, in a day                      at most           about
      eth_getBlockByNumber                  22,000          22,000
      eth_getBlockReceipts                   7,200             720
      eth_getBalance                         7,200           7,200
      eth_call                               1,800           1,800
      all calls                             38,000          31,000
      compute units at Alchemy             770,000         640,000
      credits at Infura                  9,600,000       3,200,000
      About: 5 of 50 blocks of the last hour had something for the monitors.

    State that events make monitors read, and what is asked again, come on top.
    Each provider is taken to answer alone; the others stand by.
    Prices of Alchemy as published, read on 2026-11-25; they change:
      https://www.alchemy.com/docs/reference/compute-unit-costs
    Prices of Infura as published, read on 2026-11-25; they change:
      https://docs.metamask.io/services/get-started/pricing/credit-cost/
    No prices are known of 10.0.0.7."
  `)
  expect(costLine(cost(rpc))).toMatchInlineSnapshot(
    `"Watching mainnet takes at most 38,000 RPC calls a day, about 31,000; at most 770,000 compute units at Alchemy, about 640,000; at most 9,600,000 credits at Infura, about 3,200,000."`,
  )
})

test('a WebSocket is told of, and what has no price', () => {
  expect(costTable([cost(['wss://eth-mainnet.g.alchemy.com/v2/k3y'])])).toMatchInlineSnapshot(`
    "mainnet, in a day                      at most           about
      eth_getBlockByNumber                  22,000          22,000
      eth_getBlockReceipts                   7,200             720
      eth_getBalance                         7,200           7,200
      eth_call                               1,800           1,800
      eth_subscription                       7,200           7,200
      all calls                             45,000          39,000
      compute units at Alchemy             770,000         640,000
      About: 5 of 50 blocks of the last hour had something for the monitors.

    State that events make monitors read, and what is asked again, come on top.
    Prices of Alchemy as published, read on 2026-11-25; they change:
      https://www.alchemy.com/docs/reference/compute-unit-costs
      Without eth_subscription: no price for one is published."
  `)
})

test('where the last hour is not known, only the most is told', () => {
  expect(costTable([cost(['http://127.0.0.1:8545'], null)])).toMatchInlineSnapshot(`
    "mainnet, in a day                      at most
      eth_getBlockByNumber                  22,000
      eth_getBlockReceipts                   7,200
      eth_getBalance                         7,200
      eth_call                               1,800
      all calls                             38,000
      How quiet its blocks are cannot be told.

    State that events make monitors read, and what is asked again, come on top.
    No prices are known of 127.0.0.1."
  `)
  expect(costLine(cost(['http://127.0.0.1:8545'], null))).toMatchInlineSnapshot(
    `"Watching mainnet takes at most 38,000 RPC calls a day."`,
  )
})

test('receipts that come one by one cost as many calls as a block has transactions', () => {
  const oneByOne = { looked: 50, wanted: 5, calls: { eth_getTransactionReceipt: 150 } }
  const { atMost, about } = cost(['http://127.0.0.1:8545'], oneByOne)
  expect(atMost).toMatchObject({ eth_getTransactionReceipt: 7200 * 150 })
  expect(about).toMatchObject({ eth_getTransactionReceipt: 720 * 150 })
  expect(atMost).not.toHaveProperty('eth_getBlockReceipts')
})

test('a quorum and traces are counted', () => {
  const tracing = (internal: TraceScope) =>
    monitor('inside', { ...canaries, interests: [{ kind: 'call', addresses: ['0xaa'], internal }] })
  const day = (quorum: number, ...inside: Monitor[]) =>
    costOf(
      {
        chain: { ...chain, quorum, rpc: ['http://a', 'http://b', 'http://c'].map((url) => new Secret(url, 'env:RPC')) },
        newest,
        blocksPerDay: 7200,
        receipts: receiptsAtOnce,
      },
      { monitors: [...monitors, ...inside] },
    )!
  const alone = day(1).atMost.eth_getBlockByNumber!
  expect(day(2).atMost.eth_getBlockByNumber).toBe(alone + 3 * 7200)
  expect(day(2).about?.eth_getBlockByNumber).toBe(alone + 3 * 7200)
  const touching = day(1, tracing('touching'))
  expect([touching.atMost, touching.about].map((calls) => calls?.debug_traceTransaction)).toEqual([4 * 7200, 4 * 720])
  expect(day(1, tracing('all')).atMost.debug_traceBlockByHash).toBe(7200)
  expect(day(1).atMost).not.toHaveProperty('debug_traceTransaction')
})

test('fits into 80 columns and gives no key away', () => {
  const hosts = ['eth-mainnet.g.alchemy.com', 'mainnet.infura.io', 'x.quiknode.pro', 'x.p2pify.com', 'rpc.ankr.com']
  const urls = [...hosts, 'lb.drpc.org', 'mainnet.gateway.tenderly.co'].map((host) => `wss://${host}/k3y`)
  const text = costTable([cost(urls), cost(urls)])
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(text + costLine(cost(urls))).not.toContain('k3y')
})

test('nothing is told of a chain of which nothing is known', () => {
  expect(costOf({ chain, newest: null, blocksPerDay: null, receipts: null }, { monitors })).toBeNull()
})

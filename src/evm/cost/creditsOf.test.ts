import { expect, test } from 'vitest'
import { creditsOf } from './creditsOf.ts'
import { priceTableOf } from './priceTableOf.ts'
import { type PriceTable, priceTables } from './priceTables.ts'

test.each([
  ['eth-mainnet.g.alchemy.com', 'Alchemy'],
  ['mainnet.infura.io', 'Infura'],
  ['MAINNET.INFURA.IO:443', 'Infura'],
  ['some-name.base-mainnet.quiknode.pro', 'QuickNode'],
  ['ethereum-mainnet.core.chainstack.com', 'Chainstack'],
  ['nd-123-456-789.p2pify.com', 'Chainstack'],
  ['rpc.ankr.com', 'Ankr'],
  ['lb.drpc.org', 'dRPC'],
  ['lb.drpc.live', 'dRPC'],
  ['mainnet.gateway.tenderly.co', 'Tenderly'],
  ['infura.io.example', undefined],
  ['notinfura.io', undefined],
  ['ankr.com', undefined],
  ['127.0.0.1:8545', undefined],
  ['', undefined],
])('the host %s is of %s', (host, provider) => {
  expect(priceTableOf(host)?.provider).toBe(provider)
})

test('every table says what it counts in, where that stands, and a price for each thing that watching asks', () => {
  for (const { provider, unit, source, read, prices, otherwise } of priceTables) {
    expect(unit, provider).not.toBe('')
    expect(source, provider).toMatch(/^https:\/\//)
    expect(read, provider).toMatch(/^\d{4}-\d{2}-\d{2}/)
    for (const price of Object.values(prices)) expect(price, provider).toBeGreaterThanOrEqual(0)
    for (const method of ['eth_getBlockByNumber', 'eth_getBlockReceipts', 'eth_call', 'eth_getBalance'])
      expect(prices[method] ?? otherwise, `${provider} ${method}`).not.toBeNull()
  }
})

const table: PriceTable = {
  provider: 'Some',
  hosts: ['some.example'],
  unit: 'credits',
  source: 'https://some.example',
  read: '2026-01-01',
  prices: { eth_call: 26, eth_chainId: 0, 'debug_*': 40, debug_traceTransaction: 7 },
  otherwise: 20,
  factors: { 100: 1.5 },
}

test('each call costs its own price, that of its namespace, or the usual one', () => {
  const calls = { eth_call: 3, eth_chainId: 9, debug_traceBlockByHash: 2, debug_traceTransaction: 1, eth_getCode: 5 }
  expect(creditsOf(calls, table, 1)).toEqual({ amount: 3 * 26 + 2 * 40 + 7 + 5 * 20, unpriced: [] })
  expect(creditsOf(calls, table, 100).amount).toBe(1.5 * (3 * 26 + 2 * 40 + 7 + 5 * 20))
})

test('what has no price is named, and not taken for free', () => {
  const calls = { eth_call: 1, eth_getCode: 5, eth_subscription: 100 }
  expect(creditsOf(calls, table, 1)).toEqual({ amount: 126, unpriced: ['eth_subscription'] })
  expect(creditsOf(calls, { ...table, otherwise: null }, 1)).toEqual({
    amount: 26,
    unpriced: ['eth_getCode', 'eth_subscription'],
  })
})

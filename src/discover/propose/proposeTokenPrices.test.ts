import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import type { Address } from '../../model/chain.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { OraclePrices } from '../find/findOraclePrices.ts'
import { proposeTokenPrices } from './proposeTokenPrices.ts'

const [weth, acme, pool, ethUsd, acmeUsd, fake] = [1, 2, 3, 4, 5, 6].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const now = 1_700_000_000
const why = ''

const known = (name: string, address: Address, facts: Partial<ContractFacts>, named: Address[] = []): NamedFacts => ({
  ...{ name, kind: null, role: 'dependency' },
  facts: { address, form: 'contract', balance: 0n, codes: [], forwards: false, ...facts },
  pointers: named.map((from) => ({ from, to: address, kind: 'value', name: 'pair', where: 'pair()' })),
})
const token = (name: string, address: Address, symbol: string, decimals: number | null = 18) =>
  known(name, address, { token: { standard: 'erc20', symbol, decimals, totalSupply: 1n, why } })
const feed = (name: string, address: Address, description: string, rest: Partial<ContractFacts['feed']> = {}) =>
  known(name, address, {
    feed: {
      ...{ description, decimals: 8, answer: 5n, updatedAt: now - 60, aggregator: null, announces: true, why },
      intervals: [3_500, 3_590],
      ...rest,
    },
  })
const pricesOf = (...contracts: NamedFacts[]) => pricesBy(new Map(), ...contracts)
const pricesBy = (oracles: OraclePrices, ...contracts: NamedFacts[]) => {
  const { tokens, native } = proposeTokenPrices(contracts, { now, chainId: 1, oracles })
  return { ...Object.fromEntries(tokens), native }
}
const byFeed = { feed: '$ethUsd', decimals: 8, heartbeat: 3_600 }

test('a token and the coin of the chain are priced by the feed that bears their name', () => {
  expect(pricesOf(token('weth', weth, 'WETH'), feed('ethUsd', ethUsd, 'ETH / USD'))).toEqual({
    weth: [byFeed],
    native: [byFeed],
  })
})

test('a token without a feed is priced by the mean of a pool against one that has one, with the decimals of both', () => {
  const contracts = [token('weth', weth, 'WETH'), token('acme', acme, 'ACME', 6), feed('ethUsd', ethUsd, 'ETH / USD')]
  const poolOf = (token0: Address, token1: Address) => known('pool', pool, { pool: { token0, token1, why } })
  expect(pricesOf(...contracts, poolOf(acme, weth))).toMatchObject({
    weth: [byFeed],
    acme: [{ pool: '$pool', decimals: [6, 18], times: '$weth' }],
  })
  expect(pricesOf(...contracts, poolOf(weth, acme))).toMatchObject({
    acme: [{ pool: '$pool', decimals: [18, 6], inverse: true, times: '$weth' }],
  })
})

test('what is taken from a pair at the moment, stands still, gives nothing or prices in no dollars is no source', () => {
  const nothing = { native: [] }
  const acmeToken = token('acme', acme, 'ACME')
  const spot = known('pair', pool, { pair: { token0: acme, token1: weth, why } }, [acmeUsd])
  expect(pricesOf(acmeToken, feed('acmeUsd', acmeUsd, 'ACME / USD'))).toHaveProperty('acme')
  expect(pricesOf(acmeToken, feed('acmeUsd', acmeUsd, 'ACME / USD'), spot)).toEqual(nothing)
  const old = (seconds: number) => feed('acmeUsd', acmeUsd, 'ACME / USD', { updatedAt: now - seconds })
  expect(pricesOf(acmeToken, old(604_800))).toHaveProperty('acme.0.heartbeat', 604_800)
  expect(pricesOf(acmeToken, old(604_801))).toEqual(nothing)
  expect(pricesOf(acmeToken, feed('acmeUsd', acmeUsd, 'ACME / USD', { answer: 0n }))).toEqual(nothing)
  expect(pricesOf(acmeToken, feed('acmeEth', acmeUsd, 'ACME / ETH'))).toEqual(nothing)
})

test('a token whose decimals nobody knows, or that another feed is for, has no price', () => {
  expect(pricesOf(token('weth', weth, 'WETH', null), feed('ethUsd', ethUsd, 'ETH / USD'))).toEqual({ native: [byFeed] })
  expect(pricesOf(token('eth', fake, 'stETH'), feed('ethUsd', ethUsd, 'ETH / USD'))).toEqual({ native: [byFeed] })
  expect(pricesOf(token('usdc', fake, 'USDC'), feed('usdUsd', ethUsd, 'USD / USD'))).toEqual({ native: [] })
})

/** What the oracle of a protocol says of tokens. */
const says = (price: number, of: Address = weth, unit: Address | null = null): OraclePrices =>
  new Map([[of, [{ oracle: 'oracle', call: '0xb3596f07', decimals: 8, price, unit }]]])
const byOracle = { in: '$oracle', call: '0xb3596f07', decimals: 8 }
const thousand = { answer: 1_000n * 10n ** 8n }

test('the oracle of the protocol comes before feeds, for the coin of the chain as well', () => {
  const contracts = [token('weth', weth, 'WETH'), feed('ethUsd', ethUsd, 'ETH / USD', thousand)]
  expect(pricesBy(says(1_010), ...contracts)).toEqual({ weth: [byOracle, byFeed], native: [byOracle, byFeed] })
  expect(pricesBy(says(5, acme), token('acme', acme, 'ACME'))).toEqual({ acme: [byOracle], native: [] })
})

test('an oracle that says more than twice or less than half of what a feed says is left out', () => {
  const contracts = [token('weth', weth, 'WETH'), feed('ethUsd', ethUsd, 'ETH / USD', thousand)]
  const first = (price: number) =>
    proposeTokenPrices(contracts, { now, chainId: 1, oracles: says(price) }).tokens.get('weth')?.[0]
  expect([first(2_000), first(500)]).toEqual([byOracle, byOracle])
  expect([first(2_000.1), first(499.9)]).toEqual([byFeed, byFeed])
})

test('an oracle that counts in another token is used where a feed prices that one', () => {
  const [wrapped, acmeToken] = [token('weth', weth, 'WETH'), token('acme', acme, 'ACME')]
  const inWeth = says(0.01, acme, weth)
  expect(pricesBy(inWeth, wrapped, acmeToken, feed('ethUsd', ethUsd, 'ETH / USD', thousand))).toMatchObject({
    acme: [{ ...byOracle, times: '$weth' }],
  })
  expect(pricesBy(inWeth, wrapped, acmeToken)).toEqual({ native: [] })
  expect(pricesBy(inWeth, acmeToken)).toEqual({ native: [] })
})

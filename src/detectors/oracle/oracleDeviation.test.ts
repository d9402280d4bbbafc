import { describe, expect, test } from 'vitest'
import { account, log, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { oracleDeviation } from './oracleDeviation.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const market = numbered(1)
const [feed, pair, pool, vault, custom] = [2, 3, 4, 5, 6].map(numbered) as [Address, Address, Address, Address, Address]
const names = Object.entries({ feed, pair, pool, vault, custom }).map(([name, address]) => contract(name, address))
const list = (...values: bigint[]): Hex =>
  `0x${values.map((each) => word(BigInt.asUintN(256, each)).slice(2)).join('')}`

/** ETH in dollars: a feed of 8 decimals, and a pair of 18 and 6. */
const two = [{ feed: '$feed' }, { pair: '$pair', decimals: [18, 6] }]
const e = (digits: number) => 10n ** BigInt(digits)

function priceScene(sources: object[] = two) {
  const world = new World()
  const watch = scene(oracleDeviation, [contract('market', market)], { options: { sources }, names, world })
  const feedSays = (dollars: bigint) => world.set(`call ${feed} 0xfeaf968c`, list(1n, dollars * e(8), 1n, 1n, 1n))
  const pairSays = (dollars: bigint) => world.set(`call ${pair} 0x0902f1ac`, list(e(21), 1000n * dollars * e(6), 0n))
  const see = ({ used = false } = {}) =>
    watch.see({ transactions: used ? [tx({ logs: [log({ address: market, topics: [word(1)] })] })] : [] })
  return { world, feedSays, pairSays, see }
}

describe('sources of one price', () => {
  test('that agree, and move together, are no news', () => {
    const { feedSays, pairSays, see } = priceScene()
    for (const price of [2000n, 1500n, 900n]) {
      feedSays(price)
      pairSays(price + 10n)
      expect(see({ used: true })).toMatchObject({ claims: [], blind: [] })
    }
  })

  test('are told of after two blocks apart, graver with the distance, and as over', () => {
    const { feedSays, pairSays, see } = priceScene()
    feedSays(2000n)
    pairSays(1940n)
    expect(see().claims).toEqual([])
    expect(see().claims).toMatchObject([
      { severity: 'medium', address: market, facts: { feed: '2000', pair: '1940' }, evidence: 'hard' },
    ])
    pairSays(1000n)
    expect(see().claims).toEqual([])
    const { claims } = see()
    expect(claims).toMatchObject([{ title: 'The price in feed is 100 % away from that in pair' }])
    expect(claims[0]).not.toHaveProperty('severity')
    pairSays(2000n)
    expect(see().cleared).toHaveLength(1)
  })

  test('are told of at once where a contract that relies on them was used', () => {
    const { feedSays, pairSays, see } = priceScene()
    feedSays(2000n)
    pairSays(4000n)
    expect(see({ used: true }).claims).toHaveLength(1)
  })

  test('are each compared with the median', () => {
    const sources = [...two, { in: '$custom', call: '0xA035B1FE' }]
    const { world, feedSays, pairSays, see } = priceScene(sources)
    feedSays(2000n)
    pairSays(2010n)
    world.set(`call ${custom} 0xa035b1fe`, 1000n * e(18))
    expect(see({ used: true }).claims).toMatchObject([
      { title: 'The price in custom is 100 % away from that in feed, pair' },
    ])
  })

  test('may be means of Uniswap v3, vaults and inverse prices', () => {
    const sources = [
      { pool: '$pool', decimals: [18, 18], window: 600 },
      { vault: '$vault', decimals: [18, 18] },
      { in: '$custom', call: '0xa035b1fe', decimals: 18, inverse: true },
    ]
    const { world, see } = priceScene(sources)
    const observe = `0x883bdbfd${[32n, 2n, 600n, 0n].map((each) => word(each).slice(2)).join('')}`
    // 953 ticks are 10 %.
    world.set(`call ${pool} ${observe}`, list(64n, 160n, 2n, -1_000_000n, -1_000_000n + 953n * 600n, 2n, 0n, 0n))
    world.set(`call ${vault} 0x07a2d13a${word(e(18)).slice(2)}`, 1_100n * e(15))
    world.set(`call ${custom} 0xa035b1fe`, e(21) / 1100n)
    expect(see({ used: true })).toMatchObject({ claims: [], blind: [] })
    world.set(`call ${vault} 0x07a2d13a${word(e(18)).slice(2)}`, 1_200n * e(15))
    expect(see({ used: true }).claims).toMatchObject([{ facts: { vault: '1.2' } }])
  })

  test('that cannot be read are blindness', () => {
    const { world, feedSays, see } = priceScene()
    feedSays(2000n)
    world.set(`call ${pair} 0x0902f1ac`, '0x')
    expect(see()).toMatchObject({ claims: [], blind: ['The price in pair could not be read: its answer is no price'] })
  })
})

import { expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Hex } from '../../model/chain.ts'
import { oracleDeviation } from './oracleDeviation.ts'

const [market, feed, pair] = [account(1), account(2), account(3)]
const names = [contract('feed', feed), contract('pair', pair)]
const list = (...values: bigint[]): Hex => `0x${values.map((each) => word(each).slice(2)).join('')}`

const blockSeconds = 12
/** Of WETH with 18 decimals and a dollar with 6. */
const rawPrice = (dollars: number) => (BigInt(dollars) * 2n ** 112n) / 10n ** 12n

/** A feed at 2,000 dollars, and a pair that keeps its sums as Uniswap's do: it adds to them only in a block with a trade. */
function pairScene(sum = 0n) {
  const world = new World().set(`call ${feed} 0xfeaf968c`, list(1n, 2000n * 10n ** 8n, 1n, 1n, 1n))
  const sources = [{ feed: '$feed' }, { pair: '$pair', decimals: [18, 6], window: 600 }]
  const watch = scene(oracleDeviation, [contract('market', market)], { options: { sources }, names, world })
  let [time, traded, price] = [0, 0, 0]
  /** So many blocks pass; in the first the pair is traded to this price, where one is given. */
  return (blocks: number, dollars?: number) =>
    Array.from({ length: blocks }, (_, i) => {
      const timestamp = 1_700_000_000 + time
      if (i === 0 && dollars !== undefined) {
        sum = BigInt.asUintN(256, sum + (traded === 0 ? 0n : rawPrice(price) * BigInt(timestamp - traded)))
        ;[traded, price] = [timestamp, dollars]
      }
      time += blockSeconds
      const [weth, dollar] = [10n ** 21n, 1000n * BigInt(price) * 10n ** 6n]
      world.set(`call ${pair} 0x5909c0d5`, sum).set(`call ${pair} 0x0902f1ac`, list(weth, dollar, BigInt(traded)))
      return watch.see({ timestamp })
    })
}

test('a push for a block moves the mean by as little as it lasted', () => {
  const pass = pairScene()
  pass(51, 2000)
  expect(pass(2, 4000).map(({ claims, blind }) => [claims, blind])).toEqual([
    [[], []],
    [[], []],
  ])
})

test('a price that is held moves it until it is told of, by what the pair itself has summed up', () => {
  const pass = pairScene()
  pass(51, 2000)
  const told = pass(12, 4000).flatMap(({ claims }) => claims)
  expect(told.map(({ severity }) => severity)).toEqual(['medium', undefined])
  expect(told[0]!.title).toBe('The price in pair (mean) is 5.56 % away from that in feed')
})

test('nothing is lost over sums that overflow', () => {
  const pass = pairScene(2n ** 256n - rawPrice(2000) * 300n)
  const seen = pass(120, 2000)
  expect(seen.slice(50).flatMap(({ claims, blind }) => [...claims, ...blind])).toEqual([])
  expect(pass(50, 4000).some(({ claims }) => claims.length > 0)).toBe(true)
})

test('until it was watched for so long there is no mean, and that is said', () => {
  const seen = pairScene()(51, 2000)
  expect(seen.map(({ blind }) => blind.length)).toEqual([...Array(50).fill(1), 0])
  expect(seen[0]!.blind).toEqual([
    'The price in pair (mean) could not be read: its mean is known once it was watched for 10 minutes',
  ])
})

test('it keeps a sum every eighth of the window, and no more than it needs', () => {
  const seen = pairScene()(200, 2000)
  const written = seen.flatMap(({ memory }) => Object.values(memory)) as unknown[][]
  expect(written.length).toBeLessThan(200 / 6)
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThan(12)
})

test('a pair that answers nothing is blindness', () => {
  const world = new World().set(`call ${feed} 0xfeaf968c`, list(1n, 1n, 1n, 1n, 1n))
  const sources = [{ feed: '$feed' }, { pair: '$pair', decimals: [18, 6], window: 600 }]
  const watch = scene(oracleDeviation, [contract('market', market)], { options: { sources }, names, world })
  expect(watch.see().blind).toEqual(['The price in pair (mean) could not be read: the call reverted'])
})

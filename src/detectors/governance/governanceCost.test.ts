import { describe, expect, test } from 'vitest'
import { account, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { governanceCost } from './governanceCost.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [governor, timelock, votes, usdc, weth, pair, feed, buyer] = [1, 2, 3, 4, 5, 6, 7, 8].map(numbered) as [
  ...[Address, Address, Address, Address],
  ...[Address, Address, Address, Address],
]
const names = Object.entries({ votes, usdc, weth, pair, feed }).map(([name, address]) => contract(name, address))
const words = (...values: bigint[]): Hex => `0x${values.map((each) => word(each).slice(2)).join('')}`
const coin = 10n ** 18n
const dollar = 10n ** 6n
const changed = 'event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes)'
const market = { pair: '$pair', decimals: [18, 6] }
const treasury: object[] = [{ token: '$usdc', decimals: 6, price: 1 }]

/** A pool of 400,000 votes and 400,000 dollars, a quorum of 200,000: so many cost 400,000 dollars. */
function costScene(options: object = {}) {
  const world = new World()
    .set(`call ${governor} 0x24bc1a64`, 200_000n * coin)
    .set(`call ${governor} 0xb58131b0`, 1_000n * coin)
    .set(`call ${pair} 0x0dfe1681`, word(votes))
    .set(`call ${pair} 0xd21220a7`, word(usdc))
    .holds(usdc, timelock, 0n)
  const watch = scene(
    governanceCost,
    [contract('governor', governor, { kind: 'governor' }), contract('timelock', timelock, { kind: 'timelock' })],
    { options: { votes: '$votes', market, treasury, everyBlocks: 1, ...options }, names, world },
  )
  const pool = (coins: bigint, dollars: bigint) =>
    world.set(`call ${pair} 0x0902f1ac`, words(coins, dollars, 0n)).holds(votes, pair, coins)
  const holds = (dollars: bigint) => world.holds(usdc, timelock, dollars)
  pool(400_000n * coin, 400_000n * dollar)
  return { world, watch, pool, holds }
}

describe('what a vote costs against what it gets', () => {
  test('is told of beyond half and beyond all of it, and not one dollar below', () => {
    const { watch, holds } = costScene()
    holds(200_000n * dollar)
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
    holds(200_001n * dollar)
    expect(watch.see().claims).toMatchObject([{ severity: 'medium', address: governor }])
    holds(400_000n * dollar)
    expect(watch.see().claims).toEqual([])
    holds(400_001n * dollar)
    const [claim] = watch.see().claims
    expect(claim).toMatchObject({
      title: 'Enough votes to decide alone in governor cost about 400,000, and what they decide over is worth 400,000',
      facts: { votesNeeded: '200,000', priceOfOne: '1', cost: '400,000', market: 'pair' },
      evidence: 'hard',
    })
    expect(claim).not.toHaveProperty('severity')
  })

  test('is one alert while it lasts: grown when worse, left only when it is well over', () => {
    const { watch, holds } = costScene()
    holds(500_000n * dollar)
    expect(watch.see().claims).toHaveLength(1)
    expect(watch.see()).toMatchObject({ claims: [], grown: [{ measured: { limit: ['grave'], value: 125 } }] })
    holds(800_000n * dollar)
    expect(watch.see().grown).toMatchObject([{ group: `cost ${governor}`, measured: { value: 200 } }])
    for (const worth of [390_000n, 401_000n, 390_000n, 401_000n]) {
      holds(worth * dollar)
      expect(watch.see()).toMatchObject({ claims: [], cleared: [] })
    }
    holds(100_000n * dollar)
    expect(watch.see().cleared).toEqual([`cost ${governor}`])
    holds(500_000n * dollar)
    expect(watch.see().claims).toHaveLength(1)
  })

  test('says why it changed: the price, the treasury, the quorum, or who came to votes', () => {
    const why = (change: (given: ReturnType<typeof costScene>) => void) => {
      const given = costScene()
      given.holds(150_000n * dollar)
      expect(given.watch.see().claims).toEqual([])
      change(given)
      return given.watch.see().claims[0]?.facts.why
    }
    expect(why(({ pool }) => pool(800_000n * coin, 200_000n * dollar))).toBe(
      'votes became 75 % cheaper within 12 seconds',
    )
    expect(why(({ holds }) => holds(900_000n * dollar))).toBe('the treasury grew by 500 % within 12 seconds')
    expect(why(({ world }) => world.set(`call ${governor} 0x24bc1a64`, 100_000n * coin))).toBe(
      '50 % fewer votes are needed within 12 seconds',
    )
  })

  test('counts the votes that somebody came to within a week, from any block, and not those of old', () => {
    const { watch, holds } = costScene({ everyBlocks: 2 })
    holds(150_000n * dollar)
    const start = 1_704_067_200
    const gain = (delegate: Address, from: bigint, to: bigint) =>
      tx({ logs: [event(changed, votes, { delegate, previousVotes: from * coin, newVotes: to * coin })] })
    watch.see({ number: 101, timestamp: start, transactions: [gain(buyer, 0n, 120_000n)] })
    const [claim] = watch.see({ timestamp: start + 12 }).claims
    expect(claim).toMatchObject({ facts: { newVotes: '120,000', newVotesOf: buyer, cost: '100,000' } })
    watch.see({ timestamp: start + 8 * 86_400 })
    expect(watch.see({ timestamp: start + 8 * 86_400 + 12 }).cleared).toEqual([`cost ${governor}`])
  })

  test('is endless where the pool has not so many: nothing is made up', () => {
    const { watch, pool, holds } = costScene()
    pool(200_000n * coin, 1_000n * dollar)
    holds(10n ** 9n * dollar)
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
    pool(200_001n * coin, dollar / 1000n)
    expect(watch.see().claims[0]?.facts.why).toContain('for sale now')
  })

  test('takes the range of a pool of ranges, the price of a feed, and prices of what the treasury holds', () => {
    const slot = (price: number) => words(BigInt(Math.round(Math.sqrt(price) * 2 ** 48)) * 2n ** 48n, 0n)
    const ranges = costScene({ market: { pool: '$pair', decimals: [18, 6] } })
    // One vote for one dollar: the root of 10^-12. So deep that a pool without ranges held 400,000 of each.
    ranges.world.set(`call ${pair} 0x3850c7bd`, slot(1e-12))
    ranges.world.set(`call ${pair} 0x1a686502`, 400_000n * 10n ** 12n)
    ranges.holds(410_000n * dollar)
    const [claim] = ranges.watch.see().claims
    expect(claim).toMatchObject({ facts: { cost: '400,000' } })

    const fed = costScene({
      market: { price: { feed: '$feed' } },
      treasury: [...treasury, { token: '$weth', price: { feed: '$feed', inverse: false } }],
    })
    fed.world.set(`call ${feed} 0xfeaf968c`, words(1n, 2n * 10n ** 8n, 1n, 1n, 1n))
    fed.world.holds(weth, timelock, 200_001n * coin)
    expect(fed.watch.see().claims).toMatchObject([{ facts: { cost: '400,000', treasury: '400,000' } }])
  })

  test('says what it could not read, and takes nothing back that it cannot price', () => {
    const { watch, world, holds } = costScene()
    world.down.add(pair)
    holds(10n ** 6n * dollar)
    expect(watch.see()).toMatchObject({ claims: [], blind: ['What the votes cost in pair could not be read'] })
    world.down.clear()
    expect(watch.see().claims).toHaveLength(1)
    world.down.add(usdc)
    expect(watch.see()).toMatchObject({
      cleared: [],
      grown: [],
      blind: ['What the treasury holds of usdc could not be read'],
    })
    world.down.clear()
    world.set(`call ${governor} 0x24bc1a64`, null)
    expect(watch.see().blind).toEqual(['The quorum of governor could not be read'])
    world.set(`call ${governor} 0x24bc1a64`, 200_000n * coin).set(`call ${pair} 0x0902f1ac`, '0x1234')
    expect(watch.see().blind).toEqual(['What the votes cost in pair could not be read'])
    // A pool of other coins says nothing of votes.
    world.set(`call ${pair} 0x0902f1ac`, words(1n, 1n, 0n)).set(`call ${pair} 0x0dfe1681`, word(weth))
    expect(watch.see().blind).toEqual(['What the votes cost in pair could not be read'])
  })

  test('needs names that the config has', () => {
    expect(() => costScene({ votes: '$nobody' })).toThrow('$nobody')
    expect(() => costScene({ treasury: [{ token: '$nobody', price: 1 }] })).toThrow('$nobody')
    expect(() => costScene({ treasury: [{ token: '$usdc' }] })).toThrow()
    const options = { votes, market, treasury }
    const only = [contract('timelock', timelock, { kind: 'timelock' })]
    expect(() => scene(governanceCost, only, { options, names })).toThrow('watches a governor')
  })
})

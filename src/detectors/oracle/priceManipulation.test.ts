import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { priceManipulation } from './priceManipulation.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [market, pair, pool, feed, token, user] = [1, 2, 3, 4, 5, 6].map(numbered) as Address[] as [
  ...[Address, Address, Address, Address, Address, Address],
]
const names = [contract('pair', pair), contract('pool', pool), contract('feed', feed)]
const sync = (reserve0: bigint, reserve1: bigint) =>
  event('event Sync(uint112 reserve0, uint112 reserve1)', pair, { reserve0, reserve1 })
const borrow = event('event Borrow(address account, uint256 amount)', market, { account: user, amount: 5n })

function pairScene(options: object = { sources: ['$pair'] }) {
  const world = new World()
  world.set(`call ${pair} 0x0902f1ac`, `0x${[1000n, 1000n, 0n].map((each) => word(each).slice(2)).join('')}` as Hex)
  world.settle()
  const watch = scene(priceManipulation, [contract('market', market)], { options, names, world })
  return {
    world,
    watch,
    see: (...logs: SomeLog[][]) => watch.see({ transactions: logs.map((own) => tx({ logs: own })) }),
  }
}

describe('price manipulation', () => {
  test('is a price moved, used and moved back in one transaction', () => {
    const { claims, block } = pairScene().see([sync(500n, 2000n), borrow, sync(990n, 1010n)])
    expect(claims).toMatchObject([
      {
        address: market,
        transactionHash: block.transactions[0]!.hash,
        title:
          'market was used while the price in pair stood 300 % from where it was before the transaction; then it went back',
        evidence: 'hard',
        facts: { source: pair, moved: '300 %', wentBack: true },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('shows also where it takes several transactions of a block', () => {
    const { claims } = pairScene().see([sync(500n, 2000n)], [borrow], [sync(990n, 1010n)])
    expect(claims).toMatchObject([{ facts: { within: 'block' }, evidence: 'hard' }])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('is grave without going back where the price is moved very far', () => {
    const { claims } = pairScene().see([sync(500n, 2000n), borrow])
    expect(claims).toMatchObject([{ evidence: 'soft', facts: { wentBack: false } }])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test.each([
    ['little was moved and moved back', [[sync(960n, 1040n), borrow, sync(1000n, 1000n)]]],
    ['more was moved and stays there, by the same transaction', [[sync(900n, 1100n), borrow]]],
  ])('is medium where %s', (_, logs) => {
    expect(pairScene().see(...logs).claims).toMatchObject([{ severity: 'medium', address: market }])
  })

  test.each([
    ['others move the price, and it stays there', [[sync(900n, 1111n)], [borrow]]],
    ['the price is moved after the use, as a liquidator sells', [[borrow, sync(600n, 1666n)]]],
    ['a large trade moves it, and nobody uses the market', [[sync(500n, 2000n)], [sync(1000n, 1000n)]]],
    ['the price is hardly moved', [[sync(990n, 1010n), borrow, sync(1000n, 1000n)]]],
    ['liquidity is added and taken', [[sync(9000n, 9000n), borrow, sync(1000n, 1000n)]]],
    ['the market is used and nothing moves', [[borrow]]],
  ])('is not where %s', (_, logs) => {
    expect(pairScene().see(...logs)).toMatchObject({ claims: [], blind: [] })
  })

  test('counts tokens that a contract gives as use, also where it has no events', () => {
    const paid = transferLog(token, {
      from: market,
      to: user,
      value: 5n,
    })
    expect(pairScene().see([sync(500n, 2000n), paid, sync(1000n, 1000n)]).claims).toHaveLength(1)
  })

  test('sees pools of Uniswap v3 and feeds that are refreshed in between', () => {
    const swap = (sqrtPriceX96: bigint) =>
      event(
        'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
        pool,
        { sender: user, recipient: user, amount0: 1n, amount1: -1n, sqrtPriceX96, liquidity: 5n, tick: 0 },
      )
    const answer = (current: bigint) =>
      event('event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)', feed, {
        ...{ current, roundId: 1n, updatedAt: 1n },
      })
    const { see, world } = pairScene({ sources: ['$pool', '$feed'] })
    world.set(`call ${pool} 0x3850c7bd`, `0x${[2n ** 96n, 0n].map((each) => word(each).slice(2)).join('')}` as Hex)
    world.settle()
    const { claims } = see([swap(2n ** 97n), answer(100n), answer(400n), borrow, answer(101n), swap(2n ** 96n)])
    expect(claims.map(({ facts }) => [facts.source, facts.moved])).toEqual([
      [pool, '300 %'],
      [feed, '300 %'],
    ])
  })

  test('takes no nonsense for a price, and asks nothing where there is none', () => {
    const { see, world } = pairScene()
    expect(see([sync(0n, 5n), borrow, sync(0n, 0n)])).toMatchObject({ claims: [], reads: [] })
    world.before = new Map()
    // Without an answer the first price told is where it began.
    expect(see([sync(1000n, 1000n), sync(500n, 2000n), borrow, sync(1000n, 1000n)]).claims).toHaveLength(1)
  })

  describe('over several blocks', () => {
    const [thief, trader] = [7, 8].map(numbered) as [Address, Address]
    /** Each step in a block of its own; the pair answers what it was left at. */
    function play(...steps: [from: Address, log: SomeLog][]) {
      const { world, watch } = pairScene()
      return steps.flatMap(([from, one]) => {
        const { claims } = watch.see({ transactions: [tx({ from, logs: [one] })] })
        if (one.address === pair) {
          world.set(`call ${pair} 0x0902f1ac`, `0x${one.data.slice(2, 130)}${word(0).slice(2)}` as Hex).settle()
        }
        return claims
      })
    }
    const [high, home] = [sync(850n, 1176n), sync(998n, 1002n)]

    test('shows where one sender moves it, uses it and moves it back', () => {
      expect(play([thief, high], [thief, borrow], [thief, home])).toMatchObject([
        { title: 'One sender moved the price in pair by 38.4 %, used market and then moved it back', evidence: 'hard' },
      ])
    })

    test('shows at the use where it is moved very far', () => {
      const found = play([thief, sync(500n, 2000n)], [thief, borrow], [thief, borrow])
      expect(found).toMatchObject([{ address: market, evidence: 'soft' }])
      expect(found[0]).not.toHaveProperty('severity')
    })

    test.each([
      [
        'another one uses it',
        [
          [trader, high],
          [user, borrow],
          [trader, home],
        ],
      ],
      [
        'arbitrage moves it back',
        [
          [trader, high],
          [trader, borrow],
          [user, home],
        ],
      ],
      [
        'the use comes after it is back',
        [
          [thief, high],
          [thief, home],
          [thief, borrow],
        ],
      ],
      [
        'it stays there',
        [
          [trader, high],
          [trader, borrow],
        ],
      ],
    ] satisfies [string, [Address, SomeLog][]][])('is not where %s', (_, steps) => {
      expect(play(...steps)).toEqual([])
    })

    test('is forgotten after a while, and leaves nothing in the memory', () => {
      const { watch } = pairScene()
      watch.see({ transactions: [tx({ from: thief, logs: [high] })] })
      expect([...watch.memory.keys()]).toEqual([pair])
      for (let block = 0; block < 25; block++) watch.see()
      watch.see({ transactions: [tx({ from: thief, logs: [borrow] })] })
      expect([...watch.memory.keys()]).toEqual([])
    })
  })
})

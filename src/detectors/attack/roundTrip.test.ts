import { describe, expect, test } from 'vitest'
import { account, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { roundTrip } from './roundTrip.ts'

const [market, pool, thief, bot, gold, dollar, weth] = [1, 2, 3, 4, 5, 6, 7].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const sent = (token: Address, from: Address, to: Address, value: bigint): SomeLog =>
  transferLog(token, { from, to, value })

/** A pair of gold and dollars, one to one, that tells of each trade with its reserves after it. */
function pair(gold0 = 1_000n, dollars1 = 1_000n) {
  const reserves: [bigint, bigint] = [gold0, dollars1]
  return {
    /** Dollars in, gold out. */
    buy(dollars: bigint): SomeLog[] {
      const out = reserves[0] - (reserves[0] * reserves[1]) / (reserves[1] + dollars)
      reserves[0] -= out
      reserves[1] += dollars
      return told([sent(gold, pool, bot, out), sent(dollar, bot, pool, dollars)], {
        amount1In: dollars,
        amount0Out: out,
      })
    },
    sell(amount: bigint): SomeLog[] {
      const out = reserves[1] - (reserves[0] * reserves[1]) / (reserves[0] + amount)
      reserves[0] += amount
      reserves[1] -= out
      return told([sent(gold, bot, pool, amount), sent(dollar, pool, bot, out)], { amount0In: amount, amount1Out: out })
    },
  }
  function told(transfers: SomeLog[], amounts: Record<string, bigint>): SomeLog[] {
    const zero = { amount0In: 0n, amount1In: 0n, amount0Out: 0n, amount1Out: 0n }
    const [reserve0, reserve1] = reserves
    return [
      ...transfers,
      event('event Sync(uint112 reserve0, uint112 reserve1)', pool, { reserve0, reserve1 }),
      event(
        'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
        pool,
        { sender: bot, to: bot, ...zero, ...amounts },
      ),
    ]
  }
}

const v3 = (amount0: bigint, amount1: bigint, price: number): SomeLog =>
  event(
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
    pool,
    {
      sender: bot,
      recipient: bot,
      amount0,
      amount1,
      sqrtPriceX96: BigInt(Math.round(Math.sqrt(price) * 2 ** 40)) << 56n,
      liquidity: 1n,
      tick: 0,
    },
  )
const pledge = (amount: bigint) => sent(gold, bot, market, amount)
const loan = (amount: bigint) => sent(dollar, market, bot, amount)

/** The market holds 500 gold and 1000 dollars. */
function play(
  logs: SomeLog[],
  {
    dollars = 1_000n,
    eth = 0n,
    calls,
    options = {},
  }: { dollars?: bigint; eth?: bigint; calls?: object[]; options?: object } = {},
) {
  const world = new World()
    .holds(gold, market, 500n)
    .holds(dollar, market, 1_000n)
    .set(`balance ${market}`, 1_000n)
    .settle()
  world
    .holds(gold, market, 600n)
    .holds(dollar, market, dollars)
    .set(`balance ${market}`, 1_000n - eth)
  const watch = scene(roundTrip, [contract('market', market)], { world, options })
  const { claims, blind } = watch.see({
    transactions: [tx({ from: thief, to: bot, logs, ...(calls && { calls: calls as never }) })],
  })
  expect(blind).toEqual([])
  return claims
}

describe('a price that is pushed and brought back', () => {
  test('pages where ours lent more against it than it is worth', () => {
    const { buy, sell } = pair()
    const claims = play([...buy(1_000n), pledge(100n), loan(300n), ...sell(500n)], { dollars: 700n })
    expect(claims).toMatchObject([
      {
        severity: 'critical',
        evidence: 'hard',
        address: market,
        title:
          'The price of pool 0x0000…2222 was pushed by 300 % and brought back in one transaction that used market in between, and 200 base units of 0x0000…6666 (20 %) was lost',
        facts: { pool, used: market, losses: [{ token: dollar, amount: '200' }] },
      },
    ])
  })

  test('pages where ours gave and got nothing, in pools of the other family, too', () => {
    const logs = [
      sent(dollar, bot, pool, 50n),
      sent(gold, pool, bot, 20n),
      v3(-20n, 50n, 4),
      loan(300n),
      v3(20n, -48n, 1.01),
    ]
    expect(play(logs, { dollars: 700n })).toMatchObject([{ severity: 'critical', facts: { pushedByPercent: 296 } }])
  })

  test('reckons native coins as the wrapped ones of the pool', () => {
    const logs = [
      sent(weth, bot, pool, 50n),
      sent(gold, pool, bot, 20n),
      v3(-20n, 50n, 4),
      pledge(100n),
      v3(20n, -48n, 1),
    ]
    const calls = [{ to: market, calls: [{ to: bot, value: 300n }] }]
    expect(play(logs, { calls, eth: 300n })).toMatchObject([
      { severity: 'critical', facts: { losses: [{ token: 'native', amount: '200' }] } },
    ])
    expect(play(logs, { calls: [{ to: market, calls: [{ to: bot, value: 100n }] }], eth: 100n })).toMatchObject([
      { severity: 'medium' },
    ])
  })

  test('leaves the page to the monitor of the price, where that is sure to page', () => {
    const options = { pagedElsewhere: [pool] }
    const far = pair()
    const logs = [...far.buy(1_000n), pledge(100n), loan(300n), ...far.sell(500n)]
    expect(play(logs, { dollars: 700n, options })).toMatchObject([
      { severity: 'medium', evidence: 'hard', facts: { losses: [{ amount: '200' }] } },
    ])
    expect(play(logs, { dollars: 700n, options: { pagedElsewhere: [thief] } })).toMatchObject([
      { severity: 'critical' },
    ])
    // A third above, and half of the way back: the other one tells of that at medium.
    const near = pair()
    const half = [...near.buy(155n), pledge(100n), loan(300n), ...near.sell(75n)]
    expect(play(half, { dollars: 700n, options })).toMatchObject([{ severity: 'critical' }])
  })

  test('is a sign by itself where ours got what they gave for', () => {
    const { buy, sell } = pair()
    const logs = [...buy(1_000n), pledge(100n), loan(90n), ...sell(500n)]
    expect(play(logs, { dollars: 910n })).toMatchObject([
      { severity: 'medium', evidence: 'soft', facts: { used: market } },
    ])
  })
})

describe('silent are', () => {
  test('trades that move the price little, do not come back, or with nothing of ours in between', () => {
    const small = pair(1_000_000n, 1_000_000n)
    const [oneWay, elsewhere] = [pair(), pair()]
    expect(play([...small.buy(50_000n), pledge(1n), loan(300n), ...small.sell(47_000n)], { dollars: 700n })).toEqual([])
    expect(play([...oneWay.buy(1_000n), pledge(1n), loan(300n)], { dollars: 700n })).toEqual([])
    expect(play([...elsewhere.buy(1_000n), ...elsewhere.sell(500n), pledge(1n), loan(1n)], { dollars: 999n })).toEqual(
      [],
    )
  })

  test('logs that are no swaps, or by pools that lie without sense', () => {
    const odd = { ...v3(-20n, 50n, 4), data: '0x00' as const }
    expect(play([odd, v3(5n, 5n, 2), loan(1n), v3(20n, -48n, 0), v3(-1n, 1n, 0)], { dollars: 999n })).toEqual([])
  })
})

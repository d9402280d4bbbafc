import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { poolDepth } from './poolDepth.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [market, pair, coin, dollar] = [numbered(1), numbered(2), numbered(3), numbered(4)]
const names = Object.entries({ pair, coin, dollar }).map(([name, address]) => contract(name, address))
const start = 1_704_067_200
const hour = 3600

function poolScene(options: object = {}) {
  const world = new World()
  const watch = scene(poolDepth, [contract('market', market)], {
    options: { pools: [{ pool: '$pair', tokens: ['$coin', '$dollar'] }], ...options },
    names,
    world,
  })
  const holds = (coins: bigint, dollars: bigint) => world.holds(coin, pair, coins).holds(dollar, pair, dollars)
  return { world, watch, holds, at: (seconds: number) => watch.see({ timestamp: start + seconds }) }
}

describe('the depth of a pool', () => {
  test('is left as it is by trades, however large', () => {
    const { holds, at } = poolScene()
    holds(1_000_000n, 10_000_000n)
    at(0)
    holds(4_000_000n, 2_500_000n)
    expect(at(12)).toMatchObject({ claims: [], blind: [] })
    holds(100_000n, 100_000_000n)
    expect(at(24).claims).toEqual([])
  })

  test('is told of when more than thirty percent left, graver from sixty on, and when it is back', () => {
    const { holds, at } = poolScene()
    holds(1_000_000n, 10_000_000n)
    at(0)
    holds(700_001n, 7_000_010n)
    expect(at(hour).claims).toEqual([])
    holds(699_000n, 6_990_000n)
    expect(at(2 * hour).claims).toMatchObject([
      { severity: 'medium', address: market, title: '30.1 % of the depth of pair left it within 120 minutes' },
    ])
    holds(401_000n, 4_010_000n)
    expect(at(3 * hour).claims).toEqual([])
    holds(399_000n, 3_990_000n)
    const grave = at(3 * hour + 12).claims
    expect(grave).toMatchObject([{ facts: { coin: '399000', dollar: '3990000' }, evidence: 'hard' }])
    expect(grave[0]).not.toHaveProperty('severity')
    holds(900_000n, 9_000_000n)
    expect(at(4 * hour).cleared).toEqual([`depth ${pair}`])
  })

  test('is compared with a day: who leaves over weeks is no news, and an empty pool is', () => {
    const { holds, at } = poolScene()
    for (let day = 0; day < 30; day++) {
      const left = BigInt(Math.round(1e9 * 0.8 ** day))
      holds(left, left)
      expect(at(day * 25 * hour).claims).toEqual([])
    }
    holds(0n, 0n)
    expect(at(30 * 25 * hour - 2 * hour).claims).toMatchObject([{ facts: { coin: '0' } }])
  })

  test('is kept in little, block by block for days', () => {
    const { holds, at, watch } = poolScene()
    for (let minute = 0; minute < 4_000; minute += 3) {
      holds(BigInt(1_000_000 + minute), 1_000_000n)
      at(60 * minute)
    }
    expect((watch.memory.get(`peaks ${pair}`) as unknown[]).length).toBeLessThanOrEqual(25)
  })

  test('is not known where a token does not answer', () => {
    const { holds, at, world } = poolScene()
    holds(1_000n, 1_000n)
    at(0)
    world.down.add(coin)
    expect(at(12)).toMatchObject({ claims: [], blind: ['What pair holds could not be read.'] })
  })
})

describe('what can be borrowed at the price of a pool', () => {
  const against = { against: { token: '$dollar', held: '$market' } }

  test('is medium where pushing the price costs less than it, grave below half, silent at its limit', () => {
    const { holds, at, world } = poolScene(against)
    holds(1_000_000n, 1_000_000n)
    // 4.88 % of a million dollars move the price by a tenth.
    world.holds(dollar, market, 48_808n)
    expect(at(0).claims).toEqual([])
    world.holds(dollar, market, 48_809n)
    expect(at(12).claims).toMatchObject([{ severity: 'medium' }])
    world.holds(dollar, market, 97_618n)
    expect(at(24).claims.map(({ severity }) => severity)).toEqual([undefined])
    world.holds(dollar, market, 0n)
    expect(at(36).cleared).toEqual([`pays ${pair}`])
  })
})

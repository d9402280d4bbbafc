import { describe, expect, test } from 'vitest'
import { named, thief, vault, vaultScene } from '../../../../test/harness/detectors/outflowScene.ts'
import { tx } from '../../../../test/harness/node/block.ts'
import { scene, World } from '../../../../test/harness/scene.ts'
import type { Pricing } from '../../../model/pricing.ts'
import { outflowCap } from '../outflowCap.ts'

describe('outflow cap in dollars', () => {
  const priced = (answer: { price: number } | { none: string }): Pricing[] => [
    { name: 'usdFeed', read: null, priceIn: () => answer },
  ]
  const play = (answer: { price: number } | { none: string }, options: object) =>
    vaultScene({ percent: 5, window: '1h', ...options }, { prices: priced(answer) }).move([-50])

  test('says what left was worth before the block', () => {
    const { claims } = play({ price: 24_000 }, {})
    expect(claims[0]).toMatchObject({
      title: '50 usdc (5 %, ≈ $1.2 M) left vault within 1 hour, to 0x0000…2222',
      facts: { usd: 1_200_000, pricedBy: 'usdFeed' },
    })
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages nobody for less than the config wants, a cent below and not at the limit', () => {
    expect(play({ price: 20 }, { leastUsd: 1_000 }).claims[0]).not.toHaveProperty('severity')
    expect(play({ price: 19.9998 }, { leastUsd: 1_000 }).claims[0]).toHaveProperty('severity', 'medium')
  })

  test('pages of what cannot be weighed, and says why it could not', () => {
    const { claims, blind } = play({ none: 'its price is 3 hours old' }, { leastUsd: 1_000 })
    expect(claims[0]).toMatchObject({ facts: { unpriced: 'usdFeed: its price is 3 hours old' } })
    expect(claims[0]).not.toHaveProperty('severity')
    expect(blind).toEqual(['What left vault could not be counted in dollars: usdFeed: its price is 3 hours old'])
  })

  test('counts the coin of the chain by the price that the chain has', () => {
    const world = new World().set(`balance ${vault}`, 1000n * 10n ** 18n).settle()
    world.set(`balance ${vault}`, 900n * 10n ** 18n)
    const watch = scene(outflowCap, [named], { world, coin: priced({ price: 2_000 }) })
    const { claims } = watch.see({ transactions: [tx({ from: thief, to: vault })] })
    expect(claims[0]?.title).toMatch(/^100 ETH \(10 %, ≈ \$200 k\) left vault/)
  })
})

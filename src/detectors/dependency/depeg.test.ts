import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Hex } from '../../model/chain.ts'
import { depeg } from './depeg.ts'

const [vault, feed, second, third, pool, token] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
]
const names = Object.entries({ feed, second, third, pool, token }).map(([name, address]) => contract(name, address))
const start = 1_704_067_200
const key = 'peg feed'

function pegScene(options: object = {}) {
  const world = new World()
  const watch = scene(depeg, [contract('vault', vault)], {
    options: { prices: [{ feed: '$feed' }], ...options },
    names,
    world,
  })
  const says = (price: number, of: Hex = feed) => {
    const words = [1n, BigInt(Math.round(price * 1e8)), 1n, 1n, 1n]
    world.set(`call ${of} 0xfeaf968c`, `0x${words.map((each) => word(each).slice(2)).join('')}`)
  }
  return { world, says, at: (seconds: number) => watch.see({ timestamp: start + seconds }) }
}

describe('a token below its peg', () => {
  test('is medium after ten minutes beyond one percent, grave beyond three, and told as back', () => {
    const { says, at } = pegScene()
    says(0.991)
    at(0)
    expect(at(6_000).claims).toEqual([])
    says(0.9899)
    at(6_012)
    expect(at(6_611).claims).toEqual([])
    expect(at(6_612).claims).toMatchObject([
      { severity: 'medium', address: vault, title: 'feed shows a price 1.01 % below its peg for 10 minutes' },
    ])
    says(0.9699)
    at(6_624)
    expect(at(7_223).claims).toEqual([])
    const grave = at(7_224).claims
    expect(grave).toHaveLength(1)
    expect(grave[0]).not.toHaveProperty('severity')
    says(0.999)
    expect(at(7_236)).toMatchObject({ claims: [], cleared: [key] })
  })

  test('is no news when it comes back within the time', () => {
    const { says, at } = pegScene()
    const said = Array.from({ length: 10 }, (_, round) => {
      says(0.96)
      const low = [at(round * 700), at(round * 700 + 599)]
      says(1)
      return [...low, at(round * 700 + 640)]
    })
    expect(said.flat().flatMap(({ claims }) => claims)).toEqual([])
  })

  test('is grave in the second block where it is worth almost nothing', () => {
    const { says, at } = pegScene()
    says(0.84)
    expect(at(0).claims).toEqual([])
    expect(at(12).claims.map(({ severity }) => severity)).toEqual([undefined])
  })

  test('is measured against its own rate where it has one, and above only where that is asked for', () => {
    const rated = pegScene({ peg: { feed: '$second' }, seconds: 0 })
    rated.says(1.15)
    rated.says(1.15, second)
    expect(rated.at(0).claims).toEqual([])
    rated.says(1.2, second)
    expect(rated.at(12).claims).toHaveLength(1)
    const [plain, both] = [pegScene({ seconds: 0 }), pegScene({ seconds: 0, above: true })]
    for (const { says } of [plain, both]) says(1.05)
    expect(plain.at(0).claims).toEqual([])
    expect(both.at(0).claims).toMatchObject([{ title: 'feed shows a price 5 % above its peg for 0 seconds' }])
  })

  test('is what the median says: one source alone moves nothing, and one that is silent is told of', () => {
    const { says, at, world } = pegScene({
      prices: [{ feed: '$feed' }, { feed: '$second' }, { feed: '$third' }],
      seconds: 0,
    })
    says(0.5)
    says(1, second)
    says(1, third)
    expect(at(0).claims).toEqual([])
    world.down.add(third)
    const seen = at(12)
    expect(seen.blind).toEqual(['The price in third could not be read: nobody answers'])
    says(0.5, second)
    expect(at(24).claims).toHaveLength(1)
  })

  test('is not judged by a pool that was drained, which is told, nor where nothing can be read', () => {
    const { says, at, world } = pegScene({ seconds: 0, depth: { token: '$token', in: '$pool', atLeast: '1000' } })
    says(0.5)
    world.holds(token, pool, 999n)
    expect(at(0)).toMatchObject({
      claims: [],
      blind: ['pool holds 999 base units, less than 1000: its price is not believed.'],
    })
    world.holds(token, pool, 1000n)
    expect(at(12).claims).toHaveLength(1)
    world.set(`call ${feed} 0xfeaf968c`, '0x12')
    expect(at(24)).toMatchObject({ claims: [], blind: ['The price in feed could not be read: its answer is no price'] })
  })
})

import { parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Hex } from '../../model/chain.ts'
import { valueJump } from './valueJump.ts'

const [oracle, feed] = [account(0x1111), account(0x2222)]
/** An answer to latestRoundData. */
const round = (answer: bigint): Hex => `0x${[1n, answer, 1n, 1n, 1n].map((each) => word(each).slice(2)).join('')}`
const abi = parseAbi(['function price() view returns (int256)', 'function cap() view returns (uint256)'])
const ask = { price: `call ${oracle} 0xa035b1fe`, cap: `call ${oracle} 0x355274ea` }

function watching(options: object = {}) {
  const world = new World().set(ask.price, 2_000n).set(ask.cap, 50n).settle()
  const given = { values: ['price()', 'cap()'], ...options }
  return { world, watch: scene(valueJump, [contract('oracle', oracle, { abi })], { options: given, world }) }
}

describe('value-jump', () => {
  test('takes what it sees first for right, and is silent about small steps', () => {
    const { world, watch } = watching()
    expect(watch.see()).toMatchObject({ claims: [], blind: [] })
    for (const price of [2_050n, 1_950n, 2_100n]) {
      world.set(ask.price, price)
      expect(watch.see().claims).toEqual([])
    }
  })

  test('speaks of each leap once, by its size', () => {
    const { world, watch } = watching()
    watch.see()
    world.set(ask.price, 2_400n)
    expect(watch.see().claims).toMatchObject([
      {
        key: 'jump 1',
        severity: 'medium',
        title: 'price() of oracle leapt from 2,000 to 2,400, up by a factor of 1.2',
      },
    ])
    expect(watch.see()).toMatchObject({ claims: [], memory: {} })
    world.set(ask.price, 800n).set(ask.cap, 50_000n)
    expect(watch.see().claims.map(({ title, severity, facts }) => [title, severity, facts.new])).toEqual([
      ['price() of oracle leapt from 2,400 to 800, down by a factor of 3', undefined, '800'],
      ['cap() of oracle leapt from 50 to 50,000, up by a factor of 1,000', undefined, '50000'],
    ])
  })

  test.each([0n, -2_000n])('a price that becomes %s is a leap without end', (price) => {
    const { world, watch } = watching()
    watch.see()
    world.set(ask.price, BigInt.asUintN(256, price))
    expect(watch.see().claims).toMatchObject([
      { evidence: 'hard', title: expect.stringMatching(/leapt from 2,000 to -?\d/) },
    ])
  })

  test('is blind about a value that nobody answers, remembers the last one, and judges the others', () => {
    const { world, watch } = watching()
    watch.see()
    world.set(ask.cap, 500n).down.add('0xa035b1fe')
    expect(watch.see()).toMatchObject({ claims: [{ facts: { value: 'cap()' } }], blind: [expect.any(String)] })
    world.down.clear()
    world.set(ask.price, 9_000n)
    expect(watch.see().claims).toMatchObject([{ facts: { old: '2000', new: '9000' } }])
  })

  test.each([
    { answer: 4_000n, price: 4_000n, severity: 'medium' },
    { answer: 4_000n, price: 4_400n, severity: undefined },
    { answer: 3_000n, price: 3_000n, severity: undefined },
    { answer: 0n, price: 9_000n, severity: undefined },
  ])('leaves the page to the monitor of a feed that leapt as far: $answer, $price', ({ answer, price, severity }) => {
    const { world, watch } = watching({ feeds: [feed] })
    const rounds = (value: bigint) => world.set(`call ${feed} 0xfeaf968c`, round(value))
    rounds(2_000n)
    watch.see()
    rounds(answer)
    world.set(ask.price, price)
    const { claims, blind } = watch.see()
    expect({ blind, told: claims.map((claim) => claim.severity) }).toEqual({ blind: [], told: [severity] })
    expect(claims[0]!.facts.feed).toBe(severity && feed)
    world.set(ask.price, 2n * price)
    expect(watch.see().claims).toMatchObject([{ facts: { new: String(2n * price) } }])
    expect(watch.see().claims).toEqual([])
  })

  test('refuses what is no number', () => {
    expect(() => watching({ values: ['price() > 3'] })).toThrow()
  })
})

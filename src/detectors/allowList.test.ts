import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { account } from '../../test/harness/node/block.ts'
import { contract, World } from '../../test/harness/scene.ts'
import type { Hex } from '../model/chain.ts'
import type { Observation } from '../model/observation.ts'
import { allowList, allowListOption } from './allowList.ts'

const [router, keeper, friend] = [account(1), account(2), account(3)]
const code: Hex = '0x6001'
const assignment = {
  names: new Map([['router', contract('router', router)]]),
  chain: { id: 1, name: 'testnet' },
} as unknown as Parameters<typeof allowList>[1]
const evening = Date.parse('2026-12-01T18:00Z') / 1000

/** Who is let pass, at this time, by a list as the config writes it. */
function at(time: number, entries: unknown[], world = new World()) {
  const list = allowList(allowListOption(9).parse(entries), assignment, [friend])
  const block = { timestamp: time } as Observation['block']
  const asked = list.reads({ block })
  const state = (read: Parameters<World['answer']>[0]) => {
    expect(asked).toContainEqual(read)
    return world.answer(read)
  }
  const { allowed, blind } = list.at({ block, state } as Observation)
  return { allowed: [...allowed].toSorted(), certain: [...list.certain({ block })].toSorted(), blind, asked }
}

test('lets pass by name and by address, beside those that always may', () => {
  const found = at(evening, ['$router', keeper.toUpperCase().replace('0X', '0x')])
  expect(found).toEqual({
    ...{ allowed: [router, keeper, friend], certain: [router, keeper, friend] },
    ...{ blind: [], asked: [] },
  })
})

describe('an end', () => {
  test.each([
    ['2026-12-01T18:00:01Z', true],
    ['2026-12-01T18:00Z', false],
    ['2026-12-01T20:00+02:00', false],
    ['2026-12-01', true],
    ['2026-11-30', false],
  ])('at %s lets pass at six: %s', (until, isAllowed) => {
    expect(at(evening, [{ who: keeper, until }]).allowed.includes(keeper)).toBe(isAllowed)
  })

  test('does not end who may for ever', () => {
    expect(at(evening, [keeper, { who: keeper, until: '2026-01-01' }]).allowed).toContain(keeper)
  })
})

describe('a code', () => {
  const entries = [{ who: '$router', code: keccak256(code).toUpperCase().replace('0X', '0x') }]

  test('lets pass with it only, and nobody for certain', () => {
    const found = at(evening, entries, new World().set(`code ${router}`, code))
    expect(found).toMatchObject({ allowed: [router, friend], certain: [friend], blind: [] })
    expect(at(evening, entries, new World().set(`code ${router}`, '0x6002')).allowed).toEqual([friend])
    expect(at(evening, entries).allowed).toEqual([friend])
  })

  test('that nobody can read lets nobody pass, and is said', () => {
    const world = new World()
    world.down.add('code')
    expect(at(evening, entries, world)).toMatchObject({
      allowed: [friend],
      blind: ['The code of router, which is allowed with one code only, could not be read: nobody answers'],
    })
  })

  test('is not read once its time is over', () => {
    expect(at(evening, [{ ...entries[0], until: '2026-11-01' }]).asked).toEqual([])
  })
})

test.each([
  [['router'], 'write $name or an address'],
  [[{ who: router, until: 'soon' }], 'write a day such as 2026-12-01'],
  [[{ who: router, code: '0x12' }], 'write the Keccak hash of the code'],
  [Array.from({ length: 10 }, () => router), '<=9'],
  [[{ who: router, untill: '2026-12-01' }], 'untill'],
])('says what is wrong with %j', (entries, problem) => {
  expect(allowListOption(9).safeParse(entries).error?.message).toContain(problem)
})

test('says that a name is none', () => {
  expect(() => at(evening, ['$nobody'])).toThrow('$nobody is no contract of the config on chain "testnet".')
})

test('takes no more codes than are read in a block', () => {
  const many = Array.from({ length: 65 }, () => ({ who: router, code: keccak256(code) }))
  expect(allowListOption(100).safeParse(many).error?.message).toContain('at most 64 of them a code')
})

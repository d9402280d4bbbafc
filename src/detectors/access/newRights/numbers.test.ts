import { describe, expect, test } from 'vitest'
import { chief, pool, thief, view } from '../../../../test/harness/detectors/newRightsScene.ts'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Hex } from '../../../model/chain.ts'
import { newRights } from '../newRights.ts'

describe('a right that is a number', () => {
  const setLevel = 'function setLevel(address account, uint256 level)'
  const level = (
    before: bigint,
    after: bigint,
    { named = after, kind = 'contract' }: { named?: bigint; kind?: 'contract' | 'erc20' } = {},
  ) => {
    const world = new World()
    const watch = scene(newRights, [contract('pool', pool, { kind })], { options: { views: [view] }, world })
    const question = `call ${pool} ${view}${word(thief).slice(2)}`
    world.set(question, before).settle().set(question, after)
    return watch.see({ transactions: [tx({ from: chief, to: pool, input: call(setLevel, [thief, named]) })] }).claims
  }

  test.each<[string, bigint]>([
    ['a level', 2n],
    ['the largest of those', 255n],
    ['one bit of a mask', 1n << 40n],
  ])('pages where it is %s that the call names', (_, after) => {
    expect(level(0n, after)).toMatchObject([{ facts: { account: thief } }])
    expect(level(0n, after)[0]).not.toHaveProperty('severity')
  })

  test('is none where it is another amount, was one before, or the call does not name it', () => {
    expect(level(0n, 257n)).toEqual([])
    expect(level(1n, 2n)).toEqual([])
    expect(level(0n, 2n, { named: 3n })).toEqual([])
  })

  test('of a token may be any amount, and ten times as much as before', () => {
    const kind = 'erc20'
    expect(level(0n, 400_001n, { kind })).toHaveLength(1)
    expect(level(400n, 4_000n, { kind })).toHaveLength(1)
    expect(level(400n, 3_999n, { kind })).toEqual([])
    expect(level(0n, 400_001n, { kind, named: 5n })).toEqual([])
  })

  test('is found among several, and not in what is too long', () => {
    const several = (words: number) => {
      const world = new World()
      const watch = scene(newRights, [contract('pool', pool, { kind: 'erc20' })], { options: { views: [view] }, world })
      const question = `call ${pool} ${view}${word(thief).slice(2)}`
      const of = (n: bigint): Hex => `0x${word(n).slice(2).repeat(words)}`
      world.set(question, of(0n)).settle().set(question, of(7_001n))
      return watch.see({ transactions: [tx({ from: chief, to: pool, input: call(setLevel, [thief, 7_001n]) })] }).claims
    }
    expect([several(2), several(8), several(9)].map(({ length }) => length)).toEqual([1, 1, 0])
  })
})

import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  ask,
  one,
  other,
  target,
  token,
  told,
  touch,
  watching,
} from '../../../../test/harness/detectors/backingScene.ts'
import { contract, World, word } from '../../../../test/harness/scene.ts'

describe('a pair', () => {
  type Sides = { reserves: [bigint, bigint]; balances?: [bigint, bigint]; shares: bigint; last?: bigint }
  function pairScene(start: Sides) {
    const world = new World()
    const set = ({ reserves, balances = reserves, shares, last = 0n }: Sides, supply = 1_000_000n * one) =>
      world
        .set(ask(target, 'token0()'), word(token))
        .set(ask(target, 'token1()'), word(other))
        .set(
          ask(target, 'getReserves()'),
          encodeAbiParameters([{ type: 'uint112' }, { type: 'uint112' }, { type: 'uint32' }], [...reserves, 1]),
        )
        .set(ask(target, 'totalSupply()'), shares)
        .set(ask(target, 'kLast()'), last)
        .set(ask(token, 'balanceOf(address)', target), balances[0])
        .set(ask(other, 'balanceOf(address)', target), balances[1])
        .set(ask(token, 'totalSupply()'), supply)
        .set(ask(other, 'totalSupply()'), 1_000_000n * one)
    set(start).settle()
    return { set, ...watching([contract('pair', target)], { world }) }
  }
  const full: Sides = { reserves: [1_000n * one, 1_000n * one], shares: 1_000n * one }

  test('speaks when its reserves shrink and nobody gave up liquidity', () => {
    const { set, see } = pairScene(full)
    set({ ...full, reserves: [10n * one, 1_000n * one] })
    expect(told(see(touch()))).toEqual([
      'critical: pair: 90 % less than before stands behind its liquidity, in one transaction',
    ])
  })

  test('speaks when its tokens vanish behind its back', () => {
    const { set, see } = pairScene(full)
    see(touch())
    set({ ...full, balances: [600n * one, 1_000n * one] })
    expect(told(see(touch()))).toEqual([
      `critical: pair: 40 % less than before stands behind its reserve 0x0000…0022, in one transaction`,
    ])
  })

  test('is silent at swaps, liquidity that comes and goes, and fees that the protocol takes', () => {
    const { set, see } = pairScene(full)
    set({ ...full, reserves: [2_000n * one, 501n * one] })
    expect(see(touch()).claims).toEqual([])
    set({ reserves: [200n * one, 50n * one + one / 10n], shares: 100n * one })
    expect(see(touch()).claims).toEqual([])
    const last = one * one
    const grown = (one * 11n) / 10n
    set({ reserves: [grown, grown], shares: one, last }).settle()
    set({ reserves: [grown, grown], shares: one + one / 65n, last: grown * grown })
    expect(see(touch()).claims).toEqual([])
  })

  test('does not page when a token rebases', () => {
    const { set, see } = pairScene(full)
    see(touch())
    set({ ...full, reserves: [900n * one, 1_000n * one] }, 900_000n * one)
    expect(told(see(touch()))).toEqual([
      'medium: pair: 5.13 % less than before stands behind its liquidity, in one transaction',
    ])
  })
})

import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { ask, one, target, token, told, touch, watching } from '../../../../test/harness/detectors/backingScene.ts'
import { account } from '../../../../test/harness/node/block.ts'
import { contract, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'

describe('a reserve of a lending pool', () => {
  const [asset, stable, variable, pool] = [0x66, 0x77, 0x88, 0x99].map(account) as [Address, Address, Address, Address]
  type Sums = { deposits: bigint; cash: bigint; debt: bigint }
  function lendingScene(start: Sums, watched: Address) {
    const world = new World()
    const tokens = { type: 'address' } as const
    const struct = [...Array.from({ length: 8 }, () => ({ type: 'uint256' }) as const), tokens, tokens, tokens]
    const rest = Array.from({ length: 4 }, () => ({ type: 'uint256' }) as const)
    const zeros = Array.from({ length: 8 }, () => 0n)
    const set = ({ deposits, cash, debt }: Sums) =>
      world
        .set(ask(target, 'UNDERLYING_ASSET_ADDRESS()'), word(asset))
        .set(ask(target, 'POOL()'), word(pool))
        .set(ask(pool, 'getReservesList()'), encodeAbiParameters([{ type: 'address[]' }], [[asset]]))
        .set(
          ask(pool, 'getReserveData(address)', asset),
          encodeAbiParameters([...struct, ...rest], [...zeros, target, stable, variable, 0n, 0n, 0n, 0n] as never),
        )
        .set(ask(target, 'totalSupply()'), deposits)
        .set(ask(asset, 'balanceOf(address)', target), cash)
        .set(ask(variable, 'totalSupply()'), debt)
        .set(ask(stable, 'totalSupply()'), 0n)
    set(start).settle()
    const watch = watching([contract('lending', watched)], { world })
    for (const _ of [1, 2, 3]) watch.see(touch({ to: watched }))
    return { set, ...watch }
  }
  const fair: Sums = { deposits: 1_000n * one, cash: 400n * one, debt: 600n * one }

  test.each([
    ['deposits are made for nothing', { ...fair, deposits: 1_500n * one }],
    ['a debt is wiped out', { ...fair, debt: 100n * one }],
    ['cash is taken', { ...fair, cash: 0n }],
  ])('speaks when %s, whether its pool or its token is watched', (_, robbed) => {
    for (const watched of [target, pool]) {
      const { set, see } = lendingScene(fair, watched)
      set(robbed)
      expect(told(see(touch({ to: watched })))).toEqual([
        expect.stringMatching(/^critical: lending: .* less than before stands behind its deposits of 0x0000…0066/),
      ])
    }
  })

  test('is silent at deposits, loans, and interest', () => {
    const { set, see } = lendingScene(fair, target)
    for (const sums of [
      { deposits: 2_000n * one, cash: 1_400n * one, debt: 600n * one },
      { deposits: 2_000n * one, cash: 100n * one, debt: 1_900n * one },
      { deposits: 2_010n * one, cash: 100n * one, debt: 1_912n * one },
      // The treasury of the pool takes its part of the interest, which was nobody's yet.
      { deposits: 2_012n * one, cash: 100n * one, debt: 1_912n * one },
    ]) {
      set(sums)
      expect(see(touch()).claims).toEqual([])
    }
  })
})

test('a market as Compound v3 writes them keeps its deposits covered', () => {
  const world = new World()
  const set = (deposits: bigint, cash: bigint, debt: bigint) =>
    world
      .set(ask(target, 'baseToken()'), word(token))
      .set(ask(target, 'totalSupply()'), deposits)
      .set(ask(target, 'totalBorrow()'), debt)
      .holds(token, target, cash)
  set(1_000n * one, 600n * one, 420n * one).settle()
  const { see } = watching([contract('comet', target)], { world })
  see(touch())
  set(1_000n * one, 100n * one, 920n * one)
  expect(see(touch()).claims).toEqual([])
  set(1_000n * one, 100n * one, 500n * one)
  expect(told(see(touch()))).toEqual([
    'critical: comet: 40 % less than before stands behind its deposits, in one transaction',
  ])
})

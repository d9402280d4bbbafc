import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const [vault, dollar, user] = [0x11, 0x22, 0x33].map(account) as [Address, Address, Address]
const one = 10n ** 18n

/** A vault of a million dollars and as many shares; each step is a block that touches it. */
function bleeding() {
  const world = new World()
  const ask = (to: Address, signature: string) => `call ${to} ${toFunctionSelector(signature)}`
  const set = (assets: bigint, shares = 1_000_000n, supply = 10n ** 9n) =>
    world
      .set(ask(vault, 'asset()'), word(dollar))
      .set(ask(vault, 'totalAssets()'), assets * one)
      .set(ask(vault, 'totalSupply()'), shares * one)
      .set(ask(dollar, 'totalSupply()'), supply * one)
  set(1_000_000n).settle()
  const watch = scene(backing, [contract('vault', vault)], { world, options: { everyBlocks: 3 } })
  return {
    step(assets: bigint, { shares, supply, after = 12 }: { shares?: bigint; supply?: bigint; after?: number } = {}) {
      const timestamp = watch.see().block.timestamp + after
      set(assets, shares, supply)
      const { claims } = watch.see({ timestamp, transactions: [tx({ from: user, to: vault })] })
      return claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`)
    },
  }
}
const less = (share: string) =>
  `medium: vault: ${share} % less than before stands behind its shares, in one transaction`

test('what is lost in parts that are too small to page is told of once they are a hundredth together', () => {
  const { step } = bleeding()
  step(1_000_000n)
  step(1_000_000n)
  expect(step(995_500n)).toEqual([less('0.45')])
  expect(step(990_001n)).toEqual([less('0.55')])
  expect(step(990_000n)).toEqual([
    expect.stringMatching(
      /^high: vault: 1 % less stands behind its shares than a week ago at most, lost in small parts$/,
    ),
  ])
  // The count begins anew.
  expect(step(985_100n)).toEqual([less('0.49')])
  expect(step(980_000n)).toEqual([less('0.51'), expect.stringMatching(/^high: vault: 1.01 % less/)])
})

test('what becomes less worth by and by is medium', () => {
  const { step } = bleeding()
  step(1_000_000n)
  step(1_000_000n)
  const told = Array.from({ length: 12 }, (_, n) => step(1_000_000n - 900n * BigInt(n + 1))).flat()
  expect(told.filter((title) => !title.startsWith('medium'))).toEqual([])
  expect(told.at(-1)).toMatch(/^medium: vault: 1.08 % less stands behind its shares than a week ago/)
})

test('withdrawals, gains in between, and a loss that was told of at once add up to nothing', () => {
  const { step } = bleeding()
  step(1_000_000n)
  step(500_000n, { shares: 500_000n })
  expect(step(497_000n, { shares: 500_000n })).toEqual([less('0.6')])
  expect(step(499_000n, { shares: 500_000n })).toEqual([])
  expect(step(496_000n, { shares: 500_000n })).toEqual([less('0.6')])
  expect(step(440_000n, { shares: 500_000n })).toEqual([expect.stringMatching(/^critical: vault: 11.29 % less/)])
  expect(step(438_000n, { shares: 500_000n })).toEqual([less('0.45')])
})

test('parts that lie more than a week apart are not added up', () => {
  for (const [after, count] of [
    [7 * 86_400 - 60, 2],
    [7 * 86_400 - 59, 1],
  ] as const) {
    const { step } = bleeding()
    step(1_000_000n)
    step(1_000_000n)
    step(994_000n)
    expect(step(989_000n, { after })).toHaveLength(count)
  }
})

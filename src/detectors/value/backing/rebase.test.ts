import { encodeAbiParameters, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { backing } from '../backing.ts'

const [pair, token, other, user] = [0x11, 0x22, 0x33, 0x44].map(account) as [Address, Address, Address, Address]
const one = 10n ** 18n
const ask = (to: Address, signature: string) => `call ${to} ${toFunctionSelector(signature)}`

type Sides = { balance: bigint; reserve?: bigint; against?: bigint; supply?: bigint; shares?: bigint }

/** A pair of a token that rebases and of another, as many shares as of each to begin with. */
function pairScene() {
  const world = new World()
  const set = ({ balance, reserve = balance, against = 1_000n * one, supply = 1_000_000n * one, shares }: Sides) =>
    world
      .set(ask(pair, 'token0()'), word(token))
      .set(ask(pair, 'token1()'), word(other))
      .set(
        ask(pair, 'getReserves()'),
        encodeAbiParameters([{ type: 'uint112' }, { type: 'uint112' }, { type: 'uint32' }], [reserve, against, 1]),
      )
      .set(ask(pair, 'totalSupply()'), shares ?? 1_000n * one)
      .set(ask(pair, 'kLast()'), 0n)
      .holds(token, pair, balance)
      .holds(other, pair, against)
      .set(ask(token, 'totalSupply()'), supply)
      .set(ask(other, 'totalSupply()'), 1_000_000n * one)
  set({ balance: 1_000n * one }).settle()
  const watch = scene(backing, [contract('pair', pair)], { world, options: { everyBlocks: 1 } })
  const quiet = () => watch.see().claims
  const touched = (came = 0n) => {
    const logs = came > 0n ? [transferLog(token, { from: user, to: pair, value: came })] : []
    return watch.see({ transactions: [tx({ from: user, to: pair, logs })] }).claims
  }
  touched()
  quiet()
  return { set, quiet, touched }
}
const severities = (claims: readonly { severity?: string; title: string }[]) =>
  claims.map(({ severity = 'high', title }) => `${severity} ${title.match(/its (\w+)/)?.[1]}`)

test('a rebase that the next trade writes off pages nobody, then or when it comes', () => {
  const { set, quiet, touched } = pairScene()
  set({ balance: 920n * one, reserve: 1_000n * one, supply: 920_000n * one })
  expect(severities(quiet())).toEqual(['medium reserve'])
  expect(quiet()).toEqual([])
  set({ balance: 1_840n * one, against: 500n * one, supply: 920_000n * one })
  expect(severities(touched(920n * one))).toEqual(['medium liquidity'])
  expect(quiet()).toEqual([])
  // What is taken from it afterwards is no part of the rebase.
  set({ balance: 1_800n * one, against: 500n * one, supply: 920_000n * one })
  expect(severities(touched())).toEqual(['high liquidity'])
})

test('a little more than the rebase took pages', () => {
  const { set, quiet, touched } = pairScene()
  set({ balance: 920n * one, reserve: 1_000n * one, supply: 920_000n * one })
  quiet()
  set({ balance: 915n * one, supply: 920_000n * one })
  expect(severities(touched())).toEqual(['critical liquidity'])
})

test('what was burned in the pair alone pages when it vanishes, and when it is written off', () => {
  const { set, quiet, touched } = pairScene()
  const burned = { balance: 900n * one, supply: 999_900n * one }
  set({ ...burned, reserve: 1_000n * one })
  expect(severities(quiet())).toEqual(['critical reserve'])
  set(burned)
  expect(severities(touched())).toEqual(['critical liquidity'])
})

test('what burned elsewhere excuses nothing that a trade takes', () => {
  const { set, quiet, touched } = pairScene()
  set({ balance: 1_000n * one, supply: 500_000n * one })
  expect(quiet()).toEqual([])
  set({ balance: 800n * one, supply: 500_000n * one })
  expect(severities(touched())).toEqual(['critical liquidity'])
})

test('the last shares of all are nobody’s, whatever rounding leaves behind them', () => {
  const { set, touched } = pairScene()
  set({ balance: 22_000n, against: 1_000n, shares: 1_000n })
  expect(touched()).toEqual([])
  set({ balance: 2_000n * one, against: 900n * one, shares: 1_300n * one })
  expect(touched()).toEqual([])
})

test('of one share more it is told', () => {
  const { set, touched } = pairScene()
  set({ balance: 22_000n, against: 1_000n, shares: 1_001n })
  expect(severities(touched())).toEqual(['high liquidity'])
})

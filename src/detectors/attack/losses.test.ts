import { expect, test, vi } from 'vitest'
import { account, block, tx } from '../../../test/harness/node/block.ts'
import { modelBlock, World } from '../../../test/harness/scene.ts'
import type { Movement } from '../../evm/ledger/movementsOf.ts'
import type { Address, Transaction } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { lossesOf } from './losses.ts'

const [vault, thief, gold, dollar, junk, market] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]

const [transaction] = modelBlock(block({ transactions: [tx({ from: thief, to: vault })] })).transactions as [
  Transaction,
]

/** What the config names. */
const known = new Set([vault, market, gold, dollar])

const moved = (asset: Address, from: Address, to: Address, amount: bigint): Movement => ({
  ...{ standard: 'erc20', asset, from, to, amount, id: null },
  by: { transaction },
})

/** Half of a thousand units of gold left the vault, which held as many dollars, for so many units of something. */
function isPaid(token: Address, amount: bigint, prepare: (world: World) => unknown = () => {}): boolean {
  const world = new World().holds(gold, vault, 1_000n).holds(dollar, vault, 1_000n)
  prepare(world)
  world.settle().holds(gold, vault, 500n)
  const movements = [moved(gold, vault, thief, 500n), moved(token, thief, vault, amount)]
  const balance = lossesOf({ state: (read) => world.answer(read) }, movements, new Set([vault]), known)
  expect(balance).toMatchObject({ losses: [{ token: gold, amount: 500n, held: 1_000n, confirmed: true }], blind: [] })
  return balance.paid
}

test('what came in is a price from a hundredth of the share on that left, and dust is none', () => {
  expect([5n, 4n, 1n].map((amount) => isPaid(dollar, amount))).toEqual([true, false, false])
})

test('a token that nobody held here is no price, nor is one that says so and is no token of the config', () => {
  expect(isPaid(junk, 10n ** 30n)).toBe(false)
  expect(isPaid(junk, 10n ** 30n, (world) => world.holds(junk, vault, 1n))).toBe(false)
  expect(isPaid(junk, 10n ** 30n, ({ down }) => down.add(junk))).toBe(false)
})

test('whoever has a hundred tokens tell that they were paid hides nothing', () => {
  const world = new World().holds(gold, vault, 1_000n).settle().holds(gold, vault, 500n)
  const noise = Array.from({ length: 100 }, (_, place) => moved(account(0x9000 + place), vault, thief, 1n))
  const movements = [...noise, moved(gold, vault, thief, 500n)]
  const answer = vi.fn((read: Read) => world.answer(read))
  expect(lossesOf({ state: answer }, movements, new Set([vault]), known).losses).toMatchObject([{ token: gold }])
  expect(answer.mock.calls.length).toBeLessThan(100)
})

test('a loss is measured by what the one held who lost it, whoever else of ours is given some of it', () => {
  const world = new World().holds(gold, vault, 1_000n).holds(gold, market, 1_000_000n).settle()
  world.holds(gold, vault, 500n).holds(gold, market, 1_000_001n)
  const movements = [moved(gold, vault, thief, 500n), moved(gold, thief, market, 1n)]
  const { losses } = lossesOf({ state: (read) => world.answer(read) }, movements, new Set([vault, market]), known)
  expect(losses).toMatchObject([{ amount: 499n, held: 1_000n, confirmed: true, address: vault }])
})

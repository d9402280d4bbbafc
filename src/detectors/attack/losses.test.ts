import { expect, test } from 'vitest'
import { account, block, tx } from '../../../test/harness/node/block.ts'
import { modelBlock, World } from '../../../test/harness/scene.ts'
import type { Movement } from '../../evm/ledger/movementsOf.ts'
import type { Address, Transaction } from '../../model/chain.ts'
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

const moved = (asset: Address, from: Address, to: Address, amount: bigint): Movement => ({
  ...{ standard: 'erc20', asset, from, to, amount, id: null },
  by: { transaction },
})

/** Half of a thousand units of gold left the vault, which held as many dollars, for so many units of something. */
function isPaid(token: Address, amount: bigint): boolean {
  const world = new World().holds(gold, vault, 1_000n).holds(dollar, vault, 1_000n).settle().holds(gold, vault, 500n)
  const movements = [moved(gold, vault, thief, 500n), moved(token, thief, vault, amount)]
  const balance = lossesOf({ state: (read) => world.answer(read) }, movements, new Set([vault]))
  expect(balance).toMatchObject({ losses: [{ token: gold, amount: 500n, held: 1_000n, confirmed: true }], blind: [] })
  return balance.paid
}

test('what came in is a price from a hundredth of the share on that left, and dust is none', () => {
  expect([5n, 4n, 1n].map((amount) => isPaid(dollar, amount))).toEqual([true, false, false])
})

test('a token that nobody held here is no price, however much of it comes', () => {
  expect(isPaid(junk, 10n ** 30n)).toBe(false)
})

test('a loss is measured by what the one held who lost it, whoever else of ours is given some of it', () => {
  const world = new World().holds(gold, vault, 1_000n).holds(gold, market, 1_000_000n).settle()
  world.holds(gold, vault, 500n).holds(gold, market, 1_000_001n)
  const movements = [moved(gold, vault, thief, 500n), moved(gold, thief, market, 1n)]
  const { losses } = lossesOf({ state: (read) => world.answer(read) }, movements, new Set([vault, market]))
  expect(losses).toMatchObject([{ amount: 499n, held: 1_000n, confirmed: true, address: vault }])
})

import { expect, test } from 'vitest'
import { account, type SomeTransaction, block as serveBlock, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { modelBlock } from '../../../test/harness/scene.ts'
import type { Address, Call } from '../../model/chain.ts'
import { clusterOf } from './clusterOf.ts'
import { movementsOf } from './movementsOf.ts'

const [thief, tool, child, market, stash, owner, vault, token] = [1, 2, 3, 4, 5, 6, 7, 8].map(account) as Address[]

type Moves = [from: Address | undefined, to: Address | undefined, amount: bigint][]

function cluster(
  moves: Moves,
  fields: Partial<SomeTransaction> = {},
  rest: Partial<Parameters<typeof clusterOf>[2]> = {},
) {
  const logs = moves.map(([from, to, value]) => transferLog(token!, { from: from!, to: to!, value }))
  const block = modelBlock(serveBlock({ transactions: [tx({ from: thief!, to: tool!, logs, ...fields })] }))
  const outcome = { transaction: block.transactions[0]!, receipt: block.receipts![0]! }
  const made = { kind: 'create', from: tool, to: child, reverted: false } as Call
  return [...clusterOf({ ...outcome, calls: [made] }, movementsOf(outcome), { known: new Set([vault!]), ...rest })]
}

test('the sender, what he calls and what that makes act as one, with whom only they feed', () => {
  expect(cluster([[tool, stash, 5n]])).toEqual([thief, tool, child, stash])
})

test('a market in which they trade, a stranger who is paid by others, and those of the config are not of them', () => {
  const trade: Moves = [
    [tool, market, 5n],
    [market, tool, 7n],
  ]
  expect(cluster(trade)).not.toContain(market)
  expect(
    cluster([
      [tool, stash, 5n],
      [market, stash, 5n],
    ]),
  ).not.toContain(stash)
  expect(cluster([[tool, vault, 5n]])).not.toContain(vault)
  expect(cluster([[tool, account(0), 5n]])).not.toContain(account(0))
  expect(cluster([], { to: vault! })).toEqual([thief])
})

test('who made a contract before belongs to it, and what he made belongs to him', () => {
  expect(cluster([], {}, { made: new Map([[tool!, owner!]]) })).toContain(owner)
  expect(cluster([], {}, { made: new Map([[stash!, thief!]]) })).toContain(stash)
  expect(cluster([], {}, { made: new Map([[stash!, owner!]]) })).toEqual([thief, tool, child])
})

test('does not grow without end', () => {
  const many = Array.from({ length: 1_000 }, (_, place): Moves[number] => [tool, account(10_000 + place), 1n])
  expect(cluster(many)).toHaveLength(256)
})

import { expect, test } from 'vitest'
import { account, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { flashLoan } from './flashLoan.ts'

const [vault, lender, bot, user, dollar] = [1, 2, 3, 4, 5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const none = account(0)

const sent = (from: Address, to: Address, value: bigint, emitter = dollar): SomeLog =>
  transferLog(emitter, { from, to, value })
const use = [sent(bot, vault, 30n), sent(vault, bot, 30n)]
const titles = (logs: SomeLog[], rest: object = {}, on = [contract('vault', vault)]) =>
  scene(flashLoan, on)
    .see({ transactions: [tx({ from: user, to: bot, logs, ...rest })] })
    .claims.map(({ title }) => title)

test('a loan that is given back with a fee, by whoever it be, is told of with what was used', () => {
  const { claims } = scene(flashLoan, [contract('vault', vault)]).see({
    transactions: [tx({ from: user, to: bot, logs: [sent(lender, bot, 1_000n), ...use, sent(user, lender, 1_001n)] })],
  })
  expect(claims).toMatchObject([
    {
      severity: 'info',
      title: 'vault was used with a flash loan of 1,000 base units of 0x0000…5555, lent by 0x0000…2222',
      facts: { borrower: bot, flashLoans: [{ token: dollar, lender, amount: '1000' }] },
    },
  ])
})

test('a flash mint is a loan of the token itself', () => {
  expect(titles([sent(none, bot, 1_000n), ...use, sent(bot, none, 1_000n)])).toEqual([
    expect.stringContaining('lent by 0x0000…5555'),
  ])
})

test('what is not given back whole, in order and in kind is none, nor is the change of the sender or a loan of ours', () => {
  expect(titles([sent(lender, bot, 1_000n), ...use])).toEqual([])
  expect(titles([sent(lender, bot, 1_000n), ...use, sent(bot, lender, 999n)])).toEqual([])
  expect(titles([sent(lender, bot, 1_000n), ...use, sent(bot, lender, 1_100n)])).toEqual([])
  expect(titles([sent(bot, lender, 1_000n), ...use.slice(0, 1), sent(lender, user, 1_000n)])).toEqual([])
  expect(titles([sent(lender, bot, 1_000n), ...use, sent(bot, lender, 1_000n, account(0xfa4e))])).toEqual([])
  expect(titles([sent(user, bot, 1_000n), sent(bot, vault, 30n), sent(bot, user, 1_000n)])).toEqual([])
  expect(titles([sent(vault, bot, 1_000n), sent(bot, vault, 1_000n)])).toEqual([])
  expect(
    titles([sent(lender, bot, 1_000n), ...use, sent(bot, lender, 1_000n)], { status: 'reverted', logs: [] }),
  ).toEqual([])
})

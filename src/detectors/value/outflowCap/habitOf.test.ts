import { expect, test } from 'vitest'
import { account, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { outflowCap } from '../outflowCap.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [treasury, usdc, supplier, thief] = [1, 2, 3, 4].map(numbered) as [Address, Address, Address, Address]
const start = 1_704_067_200

/** Payments in blocks of their own, each so many seconds after the one before, and what is said of the last. */
function lastOf(payments: readonly [to: Address, amount: bigint, after: number][], kind = 'safe') {
  let held = 100_000n
  const world = new World().token(usdc, 'USDC', 0).holds(usdc, treasury, held).settle()
  const options = { windows: { block: 25, '24h': 50 } }
  const watch = scene(outflowCap, [contract('treasury', treasury, { kind })], { options, world })
  let timestamp = start
  let claims: ReturnType<typeof watch.see>['claims'] = []
  for (const [to, amount, after] of payments) {
    held -= amount
    world.holds(usdc, treasury, held)
    timestamp += after
    const log = transferLog(usdc, { from: treasury, to, value: amount })
    claims = watch.see({ timestamp, transactions: [tx({ logs: [log] })] }).claims
  }
  return claims.map(({ severity }) => severity ?? 'paged')
}

test('much for whom an account has paid twice and for ten minutes pages nobody', () => {
  expect(
    lastOf([
      [supplier, 300n, 12],
      [supplier, 400n, 300],
      [supplier, 30_000n, 300],
    ]),
  ).toEqual(['medium'])
})

test.each([
  [
    'once only',
    [
      [supplier, 300n, 12],
      [supplier, 30_000n, 600],
    ],
  ],
  [
    'for less than ten minutes',
    [
      [supplier, 300n, 12],
      [supplier, 400n, 300],
      [supplier, 30_000n, 299],
    ],
  ],
  [
    'less than a hundredth of it',
    [
      [supplier, 299n, 12],
      [supplier, 299n, 300],
      [supplier, 30_000n, 300],
    ],
  ],
  [
    'another',
    [
      [supplier, 300n, 12],
      [supplier, 400n, 300],
      [thief, 30_000n, 300],
    ],
  ],
] as const)('it pages where the account has paid %s', (_, payments) => {
  expect(lastOf(payments.map(([to, amount, after]) => [to, amount, after]))).toContain('paged')
})

test('it pages from half of what was there', () => {
  expect(
    lastOf([
      [supplier, 1_000n, 12],
      [supplier, 1_000n, 300],
      [supplier, 49_000n, 300],
    ]),
  ).toContain('paged')
})

test('it pages for a contract that pays whoever calls it', () => {
  const payments = [
    [supplier, 300n, 12],
    [supplier, 400n, 300],
    [supplier, 30_000n, 300],
  ] as const
  expect(
    lastOf(
      payments.map(([to, amount, after]) => [to, amount, after]),
      'bank',
    ),
  ).toContain('paged')
})

test('a thief who comes right after such a payment is told of', () => {
  const usual: [Address, bigint, number][] = [
    [supplier, 300n, 12],
    [supplier, 400n, 300],
    [supplier, 30_000n, 300],
  ]
  expect(lastOf([...usual, [thief, 30_000n, 24]])).toContain('paged')
})

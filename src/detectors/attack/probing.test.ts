import { getContractAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { probing } from './probing.ts'

const [vault, thief, helper, ana, dollar, router] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** Calldata of one of several functions. */
const use = (name: number, amount = 1): Hex => call(`function f${name}(uint256 amount)`, [amount])
const fails = (input: Hex, from = thief, rest: object = {}) =>
  tx({ from, to: vault, input, status: 'reverted', ...rest })
const takes = (from = thief, to = vault) =>
  tx({
    ...{ from, to, input: use(9) },
    logs: [
      transferLog(dollar, {
        ...{ from: vault, to: from, value: 5n },
      }),
    ],
  })

const watching = (options: object = {}) => scene(probing, [contract('vault', vault)], { options })
type Some = ReturnType<typeof tx>
const claimsOf = (transactions: readonly Some[], watch = watching()) =>
  transactions.flatMap((transaction) => watch.see({ transactions: [transaction] }).claims)

/** Five calls of three functions, in vain. */
const series = [use(1), use(2), use(2, 7), use(3), use(3, 9)]

describe('a series of failed calls', () => {
  test('is told of once, and again where something is taken after it', () => {
    const watch = watching()
    expect(
      claimsOf(
        series.map((input) => fails(input)),
        watch,
      ),
    ).toMatchObject([
      {
        severity: 'low',
        evidence: 'soft',
        address: vault,
        title: '0x0000…2222 tried 3 functions of vault in vain, 5 times within 1 minute',
        facts: { accounts: [thief], failed: 5 },
      },
    ])
    expect(claimsOf([fails(use(4)), tx({ from: thief, to: vault, input: use(8) })], watch)).toEqual([])
    const taken = claimsOf([takes(), takes()], watch)
    expect(taken).toMatchObject([{ title: expect.stringContaining('and then took something out') }])
    expect(taken[0]).not.toHaveProperty('severity')
  })

  test('is one, whoever of those that somebody paid sends it', () => {
    const watch = watching()
    const gift = tx({ from: thief, to: helper, value: 5n, input: '0x' })
    const claims = claimsOf(
      [fails(use(1)), fails(use(2)), gift, fails(use(2, 7), helper), fails(use(3), helper)],
      watch,
    )
    expect(claims).toEqual([])
    expect(claimsOf([fails(use(4), helper)], watch)).toMatchObject([{ facts: { accounts: [thief, helper] } }])
    expect(claimsOf([takes(helper)], watch)).toHaveLength(1)
  })

  test('is one by the contracts that somebody makes meanwhile', () => {
    const watch = watching()
    const made = getContractAddress({ from: thief, nonce: 77n }).toLowerCase() as Address
    const create = tx({ from: thief, to: null, nonce: 77 })
    const own = [1, 2, 3, 4].map((n) => tx({ from: thief, to: made, input: use(6, n), status: 'reverted' }))
    expect(claimsOf([fails(use(1)), create, ...own], watch)).toEqual([])
    const last = tx({ from: ana, to: made, input: use(6, 5), status: 'reverted' })
    expect(claimsOf([last], watch)).toMatchObject([{ address: vault, facts: { made: [made], failed: 6 } }])
  })

  test('is seen inside a transaction that goes on', () => {
    const calls = series.map((input) => ({ to: vault, input, error: 'execution reverted' }))
    const logs = [event('event Tried(address indexed who)', vault, { who: thief })]
    expect(claimsOf([tx({ from: thief, to: router, logs, calls })])).toMatchObject([{ facts: { failed: 5 } }])
  })
})

describe('silent are', () => {
  test('a user whose deposits fail, with whatever arguments, and who withdraws then', () => {
    expect(claimsOf([...Array.from({ length: 12 }, (_, n) => fails(use(1, n), ana)), takes(ana)])).toEqual([])
    const two = [use(1), use(2), use(1, 3), use(2, 4), use(1, 5), use(2, 6)]
    expect(claimsOf(two.map((input) => fails(input, ana)))).toEqual([])
  })

  test('one failed call less, and calls longer ago', () => {
    expect(claimsOf(series.slice(0, 4).map((input) => fails(input)))).toEqual([])
    const claimsAfter = (seconds: number) => {
      const watch = watching()
      claimsOf(
        series.slice(0, 4).map((input) => fails(input)),
        watch,
      )
      const { block } = watch.see()
      // The last failed call came one block before this one.
      return watch.see({ timestamp: block.timestamp - 12 + seconds, transactions: [fails(use(3, 9))] }).claims.length
    }
    expect([claimsAfter(3_600), claimsAfter(3_601)]).toEqual([1, 0])
  })

  test('different people who fail once each', () => {
    expect(claimsOf(series.map((input, n) => fails(input, account(0xaaa0 + n))))).toEqual([])
  })

  test('whoever may try', () => {
    expect(
      claimsOf(
        series.map((input) => fails(input)),
        watching({ known: [thief] }),
      ),
    ).toEqual([])
  })
})

test('the memory stays small, and a flood of others hides nobody', () => {
  const watch = watching()
  claimsOf(
    series.slice(0, 4).map((input) => fails(input)),
    watch,
  )
  const flood = Array.from({ length: 300 }, (_, n) => fails(use(1, n), account(0xf000 + n)))
  watch.see({ transactions: flood })
  expect((watch.memory.get('actors') as unknown[]).length).toBeLessThanOrEqual(32)
  expect(claimsOf([fails(use(3, 9))], watch)).toHaveLength(1)
})

test('one that tries a hundred things is remembered by a few of them', () => {
  const watch = watching()
  watch.see({ transactions: Array.from({ length: 100 }, (_, n) => fails(use(n % 30, n))) })
  const [actor] = watch.memory.get('actors') as unknown as { tries: unknown[]; failed: number }[]
  expect(actor).toMatchObject({ failed: 100 })
  expect(actor!.tries.length).toBeLessThanOrEqual(10)
})

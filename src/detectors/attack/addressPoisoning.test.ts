import { describe, expect, test } from 'vitest'
import { account, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { addressPoisoning } from './addressPoisoning.ts'

const [treasury, usdc, fake, stranger] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
]
const supplier: Address = `0xab12${'77'.repeat(16)}cd34`
const lookAlike: Address = `0xab12${'99'.repeat(16)}cd34`
const halfAlike: Address = `0xab12${'99'.repeat(16)}cd35`

const sent = (from: Address, to: Address, value: bigint, token = usdc): SomeLog =>
  transferLog(token, { from, to, value })
const pay = (to: Address, value = 500n) => tx({ from: treasury, to: usdc, logs: [sent(treasury, to, value)] })

function watching() {
  const names = [contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })]
  const watch = scene(addressPoisoning, [contract('treasury', treasury)], { names })
  watch.see({ transactions: [pay(supplier)] })
  return {
    watch,
    see: (transactions: SomeTransaction[], rest: object = {}) => watch.see({ transactions, ...rest }).claims,
  }
}

describe('an address that looks like one that was paid', () => {
  test.each([
    ['sends a token of nothing', tx({ from: stranger, logs: [sent(treasury, lookAlike, 0n)] })],
    ['is named by a false token', tx({ from: stranger, logs: [sent(treasury, lookAlike, 500n, fake)] })],
    ['sends dust', tx({ from: stranger, logs: [sent(lookAlike, treasury, 1n)] })],
    ['sends coins', tx({ from: lookAlike, to: treasury, value: 1n })],
  ])('is told of once where it %s', (_, transaction) => {
    const { see } = watching()
    expect(see([transaction])).toMatchObject([
      { severity: 'low', evidence: 'soft', address: treasury, facts: { lookAlike, paidBefore: supplier } },
    ])
    expect(see([{ ...transaction, nonce: 99_999 }])).toEqual([])
  })

  test.each([
    ['tokens', pay(lookAlike)],
    ['coins', tx({ from: treasury, to: lookAlike, value: 5n })],
    ['tokens out of a Safe', tx({ from: stranger, to: treasury, logs: [sent(treasury, lookAlike, 5n, fake)] })],
  ])('pages where it is paid in %s', (_, transaction) => {
    const { see } = watching()
    see([tx({ from: stranger, logs: [sent(treasury, lookAlike, 0n)] })])
    expect(see([transaction])).toMatchObject([
      {
        severity: 'high',
        evidence: 'hard',
        title: `treasury paid ${lookAlike}, which only looks like ${supplier}, paid before`,
      },
    ])
  })
})

describe('silent are', () => {
  test('payments to those who were paid before, to new ones, and addresses that are alike at one end', () => {
    const { see } = watching()
    expect(
      see([pay(supplier), pay(stranger), pay(halfAlike), tx({ from: halfAlike, to: treasury, value: 1n })]),
    ).toEqual([])
  })

  test('a batch that pays two who look alike, whom nobody was paid before, and the same batch again', () => {
    const [left, right]: [Address, Address] = [`0x1234${'11'.repeat(16)}5678`, `0x1234${'22'.repeat(16)}5678`]
    const third: Address = `0x1234${'33'.repeat(16)}5678`
    const batch = () => tx({ from: treasury, logs: [sent(treasury, left, 5n), sent(treasury, right, 5n)] })
    const { see } = watching()
    expect(see([batch()])).toEqual([])
    expect(see([batch()])).toEqual([])
    expect(see([pay(third)])).toMatchObject([{ severity: 'high', facts: { lookAlike: third } }])
    // One of them was paid before: the other may have been copied.
    expect(
      watching().see([tx({ from: treasury, logs: [sent(treasury, supplier, 5n), sent(treasury, lookAlike, 5n)] })]),
    ).toMatchObject([{ severity: 'high', facts: { lookAlike } }])
  })

  test('look-alikes of those who were never paid, or long ago, and what false tokens call a payment', () => {
    const { see, watch } = watching()
    const other: Address = `0x5511${'77'.repeat(16)}aa34`
    const twin: Address = `0x5511${'88'.repeat(16)}aa34`
    see([tx({ from: stranger, logs: [sent(treasury, other, 500n, fake)] })])
    expect(see([pay(twin)])).toEqual([])
    const { block } = watch.see()
    expect(see([pay(lookAlike)], { timestamp: block.timestamp + 31 * 86_400 })).toEqual([])
  })

  test('what failed', () => {
    const { see } = watching()
    expect(see([tx({ from: treasury, to: lookAlike, value: 5n, status: 'reverted' })])).toEqual([])
  })
})

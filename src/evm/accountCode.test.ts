import { expect, test } from 'vitest'
import type { Hex } from '../model/chain.ts'
import { delegateOf, isPlainAccount } from './accountCode.ts'

const target = `0x${'ab'.repeat(20)}` as const
const delegation: Hex = `0xef0100${'ab'.repeat(20)}`

test('tells an account of a key, whose code may be that of another, from a contract', () => {
  expect(delegateOf(delegation)).toBe(target)
  expect([delegation, '0x'].map((code) => isPlainAccount(code as Hex))).toEqual([true, true])
  const contracts: Hex[] = [
    '0x6080',
    '0x00',
    `${delegation}00`,
    delegation.slice(0, -2) as Hex,
    `0x60${delegation.slice(4)}`,
  ]
  expect(contracts.map(isPlainAccount)).toEqual(contracts.map(() => false))
  expect(contracts.map(delegateOf)).toEqual(contracts.map(() => undefined))
})

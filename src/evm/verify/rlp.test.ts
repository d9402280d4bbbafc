import fc from 'fast-check'
import { toHex, toRlp } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { RpcError } from '../rpc/rpcError.ts'
import { hashDigits } from './hashDigits.ts'
import { digitsOf, encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

type HexItem = Hex | HexItem[]

const bytes = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 70 }) },
  { weight: 1, arbitrary: fc.constantFrom(55, 56, 255, 256, 65_536).map((length) => new Uint8Array(length).fill(7)) },
)
const item = fc.letrec<{ item: HexItem }>((tie) => ({
  item: fc.oneof(
    { depthSize: 'small' },
    bytes.map((value) => toHex(value)),
    fc.array(tie('item'), { maxLength: 12 }),
  ),
})).item

test('writes what viem writes, whatever the length and the depth', () => {
  const digits = (value: HexItem): RlpItem => (typeof value === 'string' ? digitsOf(value, 'hex') : value.map(digits))
  fc.assert(
    fc.property(item, (value) => {
      expect(`0x${encodeRlp(digits(value))}`).toBe(toRlp(value))
    }),
  )
})

test('puts the type of an envelope before it', () => {
  expect(encodeRlp(['01'], 2)).toBe('02c101')
})

test.each([
  ['0', ''],
  ['', ''],
  ['000f', '0f'],
  ['5208', '5208'],
  ['ABC', '0ABC'],
])('writes the number %s as %s', (value, expected) => {
  expect(rlpNumber(value)).toBe(expected)
})

test('refuses what is no hex', () => {
  for (const value of ['abc', '', 7, null, ['0x']]) expect(() => digitsOf(value, 'hex')).toThrow(RpcError)
})

test('refuses half a byte before it is put together with others', () => {
  expect(() => encodeRlp(['abc', 'd'])).toThrow('A provider gave "abc" where whole bytes in hex was expected.')
})

test.each(['0g', 'ab c', ' 9', `${'00'.repeat(40)}zz`])('refuses the digits %j when they are hashed', (value) => {
  expect(() => hashDigits(encodeRlp([value]))).toThrow(RpcError)
})

import fc from 'fast-check'
import { toHex, toRlp } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { encodeRlp, type RlpItem, rlpNumber } from './rlp.ts'

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
  fc.assert(
    fc.property(item, (value) => {
      expect(toHex(encodeRlp(value))).toBe(toRlp(value))
    }),
  )
})

test('takes bytes as it takes hex', () => {
  const asBytes = (value: HexItem): RlpItem =>
    typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : value.map(asBytes)
  fc.assert(
    fc.property(item, (value) => {
      expect(encodeRlp(asBytes(value))).toEqual(encodeRlp(value))
    }),
  )
})

test('puts the type of an envelope before it', () => {
  expect(toHex(encodeRlp(['0x01'], 2))).toBe('0x02c101')
})

test.each([
  ['0x0', '0x'],
  ['0x', '0x'],
  ['0x000f', '0x0f'],
  ['0x5208', '0x5208'],
  ['0xABC', '0x0ABC'],
  [0, '0x'],
  [256, '0x0100'],
] as const)('writes the number %s as %s', (value, expected) => {
  expect(rlpNumber(value)).toBe(expected)
})

test.each(['0xabc', '0x0g', '0xab cd'] as const)('refuses %s, which is no whole bytes', (value) => {
  expect(() => encodeRlp([value])).toThrow('where whole bytes in hex were expected')
})

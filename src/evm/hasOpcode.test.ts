import { expect, test } from 'vitest'
import { hasOpcode } from './hasOpcode.ts'

const sstore = new Set([0x55])

test('an instruction is found wherever it stands', () => {
  expect(hasOpcode('0x600160025500', sstore)).toBe(true)
  expect(hasOpcode('0x55', sstore)).toBe(true)
})

test('what is pushed is none, nor what is cut off', () => {
  expect(hasOpcode('0x6055', sstore)).toBe(false)
  expect(hasOpcode(`0x7f${'55'.repeat(32)}00`, sstore)).toBe(false)
  expect(hasOpcode('0x7f55', sstore)).toBe(false)
  expect(hasOpcode('0x', sstore)).toBe(false)
})

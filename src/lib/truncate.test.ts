import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeHtml } from './escapeHtml.ts'
import { truncate } from './truncate.ts'

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['a bcd', 3, 'a…'],
  ['', 0, ''],
  ['x', 0, ''],
  ['👍👍👍', 6, '👍👍👍'],
  ['👍👍👍', 5, '👍👍…'],
  ['👍👍👍', 4, '👍…'],
  ['e\u0301e\u0301e\u0301', 5, 'e\u0301e\u0301…'],
  ['👨‍👩‍👧x', 8, '…'],
])('%j within %i is %j', (text, max, expected) => {
  expect(truncate(text, max)).toBe(expected)
})

test('cuts a letter that is an attack between code points', () => {
  expect(truncate(`z${'\u0301'.repeat(1_000_000)}`, 50)).toBe(`z${'\u0301'.repeat(48)}…`)
})

test('keeps the limit in the units of its cost, and cuts only what exceeds it', () => {
  const cost = (piece: string) => escapeHtml(piece).length
  const text = fc.string({ unit: fc.constantFrom('a', '&', '<', 'é', '👍', '👨‍👩‍👧', ' '), maxLength: 60 })
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 80 }), (whole, max) => {
      const cut = truncate(whole, max, cost)
      expect(cost(cut)).toBeLessThanOrEqual(max)
      expect(cut.isWellFormed()).toBe(true)
      expect(cut === whole).toBe(cost(whole) <= max)
      expect(whole.startsWith(cut.replace(/…$/, ''))).toBe(true)
    }),
  )
})

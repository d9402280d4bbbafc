import { expect, test } from 'vitest'
import { compareDelta } from './compareDelta.ts'

test.each([
  ['what the logs say', 100n, 'exact'],
  ['less than they say, as after a fee', 99n, 'partly'],
  ['nothing', 0n, 'not'],
  ['the other way', -1n, 'not'],
])('a balance that moved by %s', (_, moved, bearing) => {
  expect(compareDelta({ told: 100n, before: 1000n, after: 1000n + moved })).toBe(bearing)
  expect(compareDelta({ told: -100n, before: 1000n, after: 1000n - moved })).toBe(bearing)
})

test('a balance that moved although no log says so', () => {
  expect(compareDelta({ told: 0n, before: 5n, after: 6n })).toBe('not')
  expect(compareDelta({ told: 0n, before: 5n, after: 5n })).toBe('exact')
})

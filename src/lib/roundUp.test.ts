import { expect, test } from 'vitest'
import { roundUp } from './roundUp.ts'

test.each([
  [24.13, 25],
  [25, 25],
  [99.1, 100],
  [0.07, 0.07],
  [0.0712, 0.072],
  [1_234_567, 1_300_000],
  [4.1e24, 4.1e24],
])('%d becomes %d', (value, rounded) => {
  expect(roundUp(value)).toBe(rounded)
})

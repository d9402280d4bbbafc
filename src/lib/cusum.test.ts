import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cusum, cusumLimit, emptyCusum, nextCusum } from './cusum.ts'

const after = (values: readonly number[], before: Cusum = emptyCusum) => values.reduce(nextCusum, before)
/** A month of deviations of half and one, up and down. */
const calm = after(Array.from({ length: 720 }, (_, place) => [0.5, -1, 1, -0.5][place % 4]!))

test('stays at nothing where values go up and down, and adds up a small shift', () => {
  expect(calm.sum).toBeLessThan(1.5)
  expect(after(new Array(5).fill(1), calm).sum).toBeLessThan(cusumLimit)
  expect(after(new Array(20).fill(1), calm).sum).toBeGreaterThan(cusumLimit)
})

test('is moved only so far by a single value, however wild', () => {
  expect(after([1e9], calm).sum).toBeLessThan(cusumLimit / 2)
  expect(after([1e9], calm).spread).toBeLessThan(1.01 * calm.spread)
})

test('is never negative, never above twice its limit, and comes down again', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 200 }), (values) => {
      const { sum, spread } = after(values, calm)
      expect(sum).toBeGreaterThanOrEqual(0)
      expect(sum).toBeLessThanOrEqual(2 * cusumLimit)
      expect(Number.isFinite(spread)).toBe(true)
      expect(after(new Array(40).fill(0), { ...calm, sum }).sum).toBe(0)
    }),
  )
})

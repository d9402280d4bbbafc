import { expect, test } from 'vitest'
import { countBound } from './countBound.ts'

/** Half of the 95 % quantile of chi-squared with 2 (count + 1) degrees of freedom, as tables have it. */
test.each([
  [0, 2.9957],
  [1, 4.7439],
  [2, 6.2958],
  [10, 16.9622],
  [100, 118.0793],
])('after %i no more than %d are to be expected', (count, bound) => {
  expect(countBound(count)).toBeCloseTo(bound, 3)
})

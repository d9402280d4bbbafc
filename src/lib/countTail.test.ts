import { describe, expect, test } from 'vitest'
import { logCountTail, logGamma } from './countTail.ts'

/** The tail by adding up its terms, each from the one before: slow, and plain to see. */
function addedUp(count: number, first: number, ratio: (n: number) => number): number {
  let logTerm = first
  for (let n = 1; n <= count; n++) logTerm += Math.log(ratio(n))
  let [sum, term] = [0, 1]
  for (let n = count; term > 1e-18 * sum || n < count + 10; n++) {
    sum += term
    term *= ratio(n + 1)
  }
  return logTerm + Math.log(sum)
}

const poisson = (count: number, mean: number) => addedUp(count, -mean, (n) => mean / n)
function negativeBinomial(count: number, mean: number, dispersion: number) {
  const size = mean / (dispersion - 1)
  const failing = 1 - 1 / dispersion
  return addedUp(count, -size * Math.log(dispersion), (n) => ((n - 1 + size) / n) * failing)
}

describe('the chance of a count', () => {
  test('has a gamma function that meets the factorials', () => {
    let factorial = 0
    for (let n = 2; n < 150; n++) {
      factorial += Math.log(n - 1)
      expect(logGamma(n)).toBeCloseTo(factorial, 9)
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12)
    expect(logGamma(0.01)).toBeCloseTo(4.599479878042022, 9)
  })

  test.each([
    ...[
      [1, 0.001],
      [20, 0.5],
      [20, 20],
      [30, 12],
      [100, 10],
      [1000, 900],
      [1000, 1],
      [50_000, 48_000],
      [3, 40],
    ],
  ])('of at least %d where %f is the mean is that of Poisson', (count, mean) => {
    const exact = poisson(count!, mean!)
    expect(Math.abs(logCountTail(count!, mean!) - exact)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact)))
  })

  test.each([
    ...[
      [20, 0.5, 1.5],
      [20, 20, 3],
      [100, 10, 4],
      [1000, 900, 10],
      [1000, 1, 50],
      [5000, 2000, 100],
      [3, 40, 2],
    ],
  ])(
    'of at least %d where %f is the mean and %f the dispersion is that of a negative binomial',
    (count, mean, dispersion) => {
      const exact = negativeBinomial(count!, mean!, dispersion!)
      const found = logCountTail(count!, mean!, dispersion!)
      expect(Math.abs(found - exact)).toBeLessThan(1e-7 * Math.max(1, Math.abs(exact)))
    },
  )

  test('falls with the count, rises with mean and dispersion, and has sound ends', () => {
    for (let count = 1; count < 300; count++) {
      expect(logCountTail(count + 1, 30, 2)).toBeLessThan(logCountTail(count, 30, 2))
    }
    expect(logCountTail(100, 20)).toBeLessThan(logCountTail(100, 30))
    expect(logCountTail(100, 20)).toBeLessThan(logCountTail(100, 20, 2))
    expect(logCountTail(100, 20, 1 + 1e-6)).toBeCloseTo(logCountTail(100, 20), 3)
    expect(logCountTail(0, 5)).toBe(0)
    expect(logCountTail(1, 0)).toBe(-Infinity)
    expect(logCountTail(1_000_000, 1)).toBeLessThan(-1e7)
    expect(logCountTail(1, 1_000_000)).toBeCloseTo(0, 12)
  })
})

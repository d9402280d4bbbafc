import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/harness/seededRandom.ts'
import { emptyPeaks, fitPareto, learnPeak, limitAt, type Peaks, sampleSize } from './peaksOverThreshold.ts'

const learned = (values: readonly number[], before: Peaks = emptyPeaks()) => values.reduce(learnPeak, before)

/** Quantiles of a generalized Pareto distribution, evenly spread: the same without chance. */
const paretoOf = (gamma: number, count: number) =>
  Array.from({ length: count }, (_, place) => (((count - place - 0.5) / count) ** -gamma - 1) / gamma)

describe('peaks over a threshold', () => {
  test('says nothing before it has learned a month of hours', () => {
    const values = Array.from({ length: sampleSize - 1 }, (_, place) => place)
    expect(limitAt(learned(values), 1e-3)).toBeNull()
    expect(limitAt(learned([...values, 1]), 1e-3)).toBeGreaterThan(0)
  })

  test.each([0.1, 0.3, 0.5])('finds the tail index %d again', (gamma) => {
    expect(fitPareto(paretoOf(gamma, 2000)).gamma).toBeCloseTo(gamma, 1)
    expect(fitPareto(paretoOf(gamma, 2000)).sigma).toBeCloseTo(1, 1)
  })

  test.each([1e-2, 1e-3, 1e-4])('is passed about as often as the chance %d says', (chance) => {
    const random = seededRandom(5)
    const values = Array.from({ length: 20_000 }, () => -Math.log(1 - random()))
    const limit = limitAt(learned(values), chance)!
    expect(Math.exp(-limit) / chance).toBeGreaterThan(0.5)
    expect(Math.exp(-limit) / chance).toBeLessThan(2)
  })

  test('gives a higher limit to a smaller chance, and stays finite, whatever it learns', () => {
    const value = fc.oneof(fc.double({ min: -50, max: 50, noNaN: true }), fc.constant(0))
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.array(value, { maxLength: 600 }),
        (some, more) => {
          const sample = Array.from({ length: sampleSize }, (_, place) => some[place % some.length]!)
          const peaks = learned([...sample, ...more])
          const limits = [0.5, 1e-2, 1e-3, 1e-6].map((chance) => limitAt(peaks, chance)!)
          expect(limits.every(Number.isFinite)).toBe(true)
          expect(limits).toEqual(limits.toSorted((a, b) => a - b))
          expect(limits[0]).toBeGreaterThanOrEqual(peaks.threshold!)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('remembers no more however long it runs, and as plain data', () => {
    const random = seededRandom(2)
    let peaks = learned(Array.from({ length: sampleSize }, random))
    for (let more = 0; more < 3000; more++) peaks = learnPeak(peaks, 2 + random())
    expect(JSON.stringify(peaks).length).toBeLessThan(8_000)
    expect(JSON.parse(JSON.stringify(peaks))).toEqual(peaks)
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToWindow, type WindowRow, windowSums } from './slidingWindow.ts'

const hour = { seconds: 3600, width: 1 }

test('sliding window forgets what is as old as the window', () => {
  const rows = addToWindow([], { time: 1000, amounts: [5n], ...hour })
  expect(windowSums(rows, { time: 4599, ...hour })).toEqual([5n])
  expect(windowSums(rows, { time: 4600, ...hour })).toEqual([0n])
})

test('sliding window stays small and never counts less than the truth, nor more than a sixtieth too long', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(200), fc.bigInt(1n, 10n ** 30n)), { maxLength: 300 }), (steps) => {
      const all: [number, bigint][] = []
      let rows: WindowRow[] = []
      let time = 1_700_000_000
      for (const [gap, amount] of steps) {
        time += gap
        all.push([time, amount])
        rows = addToWindow(rows, { time, amounts: [amount], ...hour })
        const sum = (seconds: number) =>
          all.filter(([at]) => at > time - seconds).reduce((total, [, each]) => total + each, 0n)
        const [counted] = windowSums(rows, { time, ...hour })
        expect(counted! >= sum(3600) && counted! <= sum(3660)).toBe(true)
      }
      expect(rows.length).toBeLessThanOrEqual(61)
    }),
    { numRuns: 50 },
  )
})

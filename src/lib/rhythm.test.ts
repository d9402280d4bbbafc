import { describe, expect, test } from 'vitest'
import { beat, paceOf, type Rhythm } from './rhythm.ts'

const rhythmOf = (times: readonly number[]): Rhythm => times.reduce<Rhythm | undefined>(beat, undefined)!
const every = (seconds: number, count: number) => Array.from({ length: count }, (_, index) => 1_000 + index * seconds)

describe('a rhythm', () => {
  test('is known from the fifth gap on', () => {
    expect(paceOf(rhythmOf(every(60, 5)))).toBe(null)
    expect(paceOf(rhythmOf(every(60, 6)))).toEqual({ usual: 60, limit: 240, steady: true, known: 300 })
  })

  test('is bounded by its longest gap where that is far from the usual one, and then not steady', () => {
    const pace = paceOf(rhythmOf([0, 60, 120, 180, 240, 640]))
    expect(pace).toEqual({ usual: 60, limit: 600, steady: false, known: 640 })
  })

  test('takes several things at one time, and a time that is told late, for none', () => {
    const rhythm = rhythmOf(every(60, 4))
    expect(beat(rhythm, rhythm.last)).toBe(rhythm)
    expect(beat(rhythm, rhythm.last - 5)).toBe(rhythm)
  })

  test('does not learn an outage as the rule, and forgets what is long ago', () => {
    const broken = beat(rhythmOf(every(60, 10)), 1_000_000)
    expect(paceOf(broken)!.limit).toBe(360)
    const again = Array.from({ length: 40 }, (_, index) => 1_000_000 + 60 * (index + 1)).reduce<Rhythm>(beat, broken)
    expect(again.gaps).toHaveLength(32)
    expect(paceOf(again)!.limit).toBe(240)
  })

  test('calls what comes by chance late in few gaps, and twice as late in hardly any', () => {
    // A fixed generator, so that it is the same in every run.
    let seed = 7
    const uniform = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    let rhythm: Rhythm | undefined
    const counts = { late: 0, silent: 0 }
    const total = 50_000
    for (let count = 0, at = 0; count < total; count++) {
      const gap = Math.ceil(-3600 * Math.log(uniform()))
      at += gap
      const pace = rhythm && paceOf(rhythm)
      if (pace && count > 32 && gap > pace.limit) counts.late++
      if (pace?.steady && count > 32 && gap > 2 * pace.limit) counts.silent++
      rhythm = beat(rhythm, at)
    }
    expect(counts.late / total).toBeLessThan(1 / 100)
    expect(counts.silent / total).toBeLessThan(1 / 5_000)
  })
})

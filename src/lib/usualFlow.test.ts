import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../test/harness/seededRandom.ts'
import { creeps, emptyUsualFlow, flowLimit, learnFlow, type UsualFlow, usualShare } from './usualFlow.ts'

const limits = { chance: 1e-3, cap: 0.05 }

/** A tenth of a percent an hour, three times as much at noon as at midnight. */
function flows(count: number, { from = 0, extra = 0, times = 1 } = {}) {
  const random = seededRandom(from + 3)
  return Array.from({ length: count }, (_, place): [hour: number, share: number] => {
    const season = Math.exp(0.55 * Math.sin((2 * Math.PI * ((from + place) % 24)) / 24))
    return [from + place, 0.001 * times * season * Math.exp(0.5 * (random() + random() - 1)) + extra]
  })
}
const learn = (before: UsualFlow, hours: readonly [hour: number, share: number][]) =>
  hours.reduce((usual, [hour, share]) => learnFlow(usual, hour, share, limits), before)

const month = learn(emptyUsualFlow(), flows(720))

describe('what usually flows', () => {
  test('is not told before a month was learned', () => {
    expect(flowLimit(learn(emptyUsualFlow(), flows(719)), 719, limits)).toBeNull()
    expect(flowLimit(month, 720, limits)).toBeGreaterThan(0.001)
  })

  test('is told by hour of the day', () => {
    expect(usualShare(month, 726)! / usualShare(month, 738)!).toBeGreaterThan(2)
    expect(flowLimit(month, 726, limits)! / flowLimit(month, 738, limits)!).toBeGreaterThan(2)
  })

  test('is by hour of the week after four weeks', () => {
    const sundays = (hour: number) => (Math.floor(hour / 24) % 7 === 6 ? 0.2 : 1)
    const weeks = flows(24 * 7 * 16).map(([hour, share]): [number, number] => [hour, share * sundays(hour)])
    const usual = learn(emptyUsualFlow(), weeks)
    const [monday, sunday] = [24 * 7 * 20, 24 * 7 * 20 + 24 * 6]
    expect(usualShare(usual, monday)! / usualShare(usual, sunday)!).toBeGreaterThan(3)
  })

  test('follows growth, so that it is no news after a while', () => {
    const grown = learn(month, flows(2400, { from: 720, times: 3 }))
    expect(usualShare(grown, 3120 + 6)! / usualShare(month, 726)!).toBeGreaterThan(2)
  })

  test('is hardly moved by a drain, which stays an alarm when it comes again', () => {
    const drained = learn(month, [
      [720, 0.3],
      [721, 0.3],
      [722, 0.3],
    ])
    expect(flowLimit(drained, 723, limits)!).toBeLessThan(2 * flowLimit(month, 723, limits)!)
  })

  test('never lets more than the cap pass, unless that is usual', () => {
    const wild = flows(900).map(([hour, share]): [number, number] => [hour, hour % 100 === 0 ? 0.04 : share])
    expect(flowLimit(learn(emptyUsualFlow(), wild), 901, { chance: 1e-6, cap: 0.05 })).toBe(0.05)
    const busy = learn(emptyUsualFlow(), flows(720, { times: 60 }))
    expect(flowLimit(busy, 726, limits)).toBeGreaterThan(0.05)
  })

  test('creeps where every hour is a little above it, and not in ordinary ones', () => {
    const calm = learn(month, flows(480, { from: 720 }))
    expect(creeps(calm)).toBe(false)
    expect(creeps(learn(calm, flows(24, { from: 1200, extra: 0.002 })))).toBe(true)
    expect(creeps(learn(calm, [...flows(1, { from: 1200, extra: 0.5 }), ...flows(20, { from: 1201 })]))).toBe(false)
  })

  test('stays small, and is plain data', () => {
    const usual = learn(month, flows(5000, { from: 720 }))
    expect(JSON.stringify(usual).length).toBeLessThan(8_000)
    expect(JSON.parse(JSON.stringify(usual))).toEqual(usual)
  })
})

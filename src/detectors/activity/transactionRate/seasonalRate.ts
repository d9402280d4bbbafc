import { z } from 'zod'
/**
 * What is usual in one bucket of time, learned as means that forget: over all hours, by hour of the day and by hour of
 * the week (UTC). Plain data.
 */
export const rateShape = z.object({
  /** How many buckets were learned. */
  learned: z.number(),
  mean: z.number(),
  /** Mean and number of buckets learned, by hour: 24 and 168 of each. */
  day: z.array(z.number()).length(24),
  dayLearned: z.array(z.number()).length(24),
  week: z.array(z.number()).length(168),
  weekLearned: z.array(z.number()).length(168),
  /** Variance over mean, never below 1. */
  dispersion: z.number(),
})
export type SeasonalRate = z.output<typeof rateShape>

const zeros = (length: number): number[] => new Array(length).fill(0)

export const emptyRate = (): SeasonalRate => ({
  learned: 0,
  mean: 0,
  day: zeros(24),
  dayLearned: zeros(24),
  week: zeros(168),
  weekLearned: zeros(168),
  dispersion: 1,
})

/** Half of what is known of an hour comes from the last day, week and month. */
const step = { all: 1 / 288, day: 1 / 84, week: 1 / 48 }
/** An hour is believed after so many of its kind: two days, three weeks. */
const visitsMin = { day: 2, week: 3 }
const dispersionMax = 10_000

/** What a bucket that begins at this unix time usually holds. Never 0: what was not seen yet is only rare. */
export function expectedCount(rate: SeasonalRate, time: number, bucketSeconds: number): number {
  const visits = 3600 / bucketSeconds
  const hour = Math.floor(time / 3600)
  const floor = 1 / (rate.learned + 1)
  const [ofDay, ofWeek] = [hour % 24, hour % 168]
  if (rate.weekLearned[ofWeek]! >= visitsMin.week * visits) return Math.max(floor, rate.week[ofWeek]!)
  if (rate.dayLearned[ofDay]! >= visitsMin.day * visits) return Math.max(floor, rate.day[ofDay]!)
  return Math.max(floor, rate.mean)
}

/** Learns buckets that follow each other, the first of which begins at `time`; changes `rate`. */
export function learnCounts(
  rate: SeasonalRate,
  { time, counts, bucketSeconds }: { time: number; counts: Iterable<number>; bucketSeconds: number },
): void {
  let at = time
  for (const count of counts) {
    const expected = expectedCount(rate, at, bucketSeconds)
    const hour = Math.floor(at / 3600)
    if (rate.learned > 0) rate.dispersion = learnDispersion(rate.dispersion, rate.learned, count, expected)
    rate.mean = moved(rate.mean, count, rate.learned++, step.all)
    learnHour(rate.day, rate.dayLearned, hour % 24, count, step.day)
    learnHour(rate.week, rate.weekLearned, hour % 168, count, step.week)
    at += bucketSeconds
  }
}

function learnHour(means: number[], learned: number[], hour: number, count: number, smallest: number): void {
  means[hour] = moved(means[hour]!, count, learned[hour]!, smallest)
  learned[hour]!++
}

/** A plain mean at first, then one that forgets; five digits are enough and keep the row short. */
export function moved(mean: number, value: number, learned: number, smallest: number): number {
  return Number((mean + (value - mean) * Math.max(smallest, 1 / (learned + 1))).toPrecision(5))
}

export function learnDispersion(dispersion: number, learned: number, count: number, expected: number): number {
  const seen = Math.min(dispersionMax, (count - expected) ** 2 / expected)
  return Math.max(1, moved(dispersion, seen, learned, step.all))
}

import { z } from 'zod'
import { addToWindow, type WindowRow } from '../../../lib/slidingWindow.ts'
import type { Outcome } from '../../../model/observation.ts'
import { decimalShape, remembered } from '../../remembered.ts'
import type { TransactionRateOptions } from './options.ts'
import { emptyRate, expectedCount, learnCounts, rateShape, type SeasonalRate } from './seasonalRate.ts'
import { certainCount, countKey, tallyShape } from './tally.ts'
import { emptySizes, learnSizes, sizesShape } from './usualSizes.ts'

/** What happened in the current bucket. Plain data. */
const countsShape = z.object({
  /** Unix time over the length of a bucket. */
  bucket: z.number(),
  contract: z.number(),
  failed: z.number(),
  selectors: tallyShape,
  senders: tallyShape,
  /** Senders of failed transactions. */
  failing: tallyShape,
})
export type Counts = z.output<typeof countsShape>
export const rememberedCounts = remembered(countsShape)

/** What is usual. Plain data. */
const usualShape = z.object({
  /** First bucket ever seen. */
  since: z.number(),
  contract: rateShape,
  failed: rateShape,
  selectors: sizesShape,
  senders: sizesShape,
})
export type Usual = z.output<typeof usualShape>
export const rememberedUsual = remembered(usualShape)

const sizes = { selectors: 64, senders: 64, failing: 16 }
const learnedSizes = { selectors: 64, senders: 256 }
/** After a longer silence only so much of it is learned: a week of five-minute buckets. */
const gapMax = 2_016
/** Below so many learned buckets nothing is cut. */
const cutAfter = 24

export const emptyCounts = (bucket: number): Counts => ({
  ...{ bucket, contract: 0, failed: 0, selectors: [], senders: [], failing: [] },
})

export const emptyUsual = (bucket: number): Usual => ({
  since: bucket,
  contract: emptyRate(),
  failed: emptyRate(),
  selectors: emptySizes(),
  senders: emptySizes(),
})

/** The counts with the transactions of one more block. */
export function countOutcomes(before: Counts, outcomes: readonly Outcome[]): Counts {
  const counts = structuredClone(before)
  for (const { transaction, receipt } of outcomes) {
    counts.contract++
    countKey(counts.selectors, transaction.input.slice(0, 10), sizes.selectors)
    countKey(counts.senders, transaction.from, sizes.senders)
    if (receipt?.status !== 'reverted') continue
    counts.failed++
    countKey(counts.failing, transaction.from, sizes.failing)
  }
  return counts
}

/** What to do with a count: `leave` it out as an alarm, or `accept` it and forget what was usual before. */
export type Lesson = 'learn' | 'leave' | 'accept'

/** What is usual after a bucket is over and the empty ones behind it, up to the bucket `next`. */
export function learnBucket(
  before: Usual,
  counts: Counts,
  { next, seconds, lesson }: { next: number; seconds: number; lesson(series: string): Lesson },
): Usual {
  const usual = structuredClone(before)
  const { bucket } = counts
  const empty = Math.min(gapMax, next - bucket - 1)
  for (const name of ['contract', 'failed'] as const) {
    const lessonOf = lesson(name)
    if (lessonOf === 'accept') usual[name] = emptyRate()
    const rate = usual[name]
    if (lessonOf !== 'leave') {
      const count = cut(rate, counts[name], bucket * seconds, seconds)
      learnCounts(rate, { time: bucket * seconds, counts: [count], bucketSeconds: seconds })
    }
    learnCounts(rate, { time: (next - empty) * seconds, counts: new Array(empty).fill(0), bucketSeconds: seconds })
  }
  for (const [name, series] of [
    ['selectors', 'selector'],
    ['senders', 'sender'],
  ] as const) {
    const lessons = counts[name].map((row) => ({
      key: row[0],
      count: certainCount(row),
      of: lesson(`${series} ${row[0]}`),
    }))
    const accepted = lessons.filter(({ of }) => of === 'accept').map(({ key }) => key)
    const learnable = lessons.filter(({ count, of }) => count > 0 && of !== 'leave')
    learnSizes(usual[name], { bucket, learnable, accepted, sizeMax: learnedSizes[name] })
  }
  return usual
}

/** A single wild bucket moves what is usual only so far. */
function cut(rate: SeasonalRate, count: number, time: number, seconds: number): number {
  if (rate.learned < cutAfter) return count
  const expected = expectedCount(rate, time, seconds)
  return Math.min(count, expected + 6 * Math.sqrt(rate.dispersion * expected) + 1)
}

/** Transactions within the limits' own times. Plain data. */
const windowShape = z.array(z.tuple([z.number()], decimalShape))
const recentShape = z.object({ limit: windowShape, failed: windowShape })
export type Recent = z.output<typeof recentShape>
export const rememberedRecent = remembered(recentShape)

export function addRecent(
  recent: Recent,
  { limit, failed }: Pick<TransactionRateOptions, 'limit' | 'failed'>,
  { time, all, reverted }: { time: number; all: number; reverted: number },
): Recent {
  const add = (rows: WindowRow[], seconds: number | undefined, count: number) =>
    seconds && count > 0 ? addToWindow(rows, { time, amounts: [BigInt(count)], seconds }) : rows
  return {
    limit: add(recent.limit, limit?.seconds, all),
    failed: add(recent.failed, failed ? failed.seconds : undefined, reverted),
  }
}

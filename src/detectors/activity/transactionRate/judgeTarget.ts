import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import {
  addRecent,
  type Counts,
  countOutcomes,
  emptyCounts,
  emptyUsual,
  learnBucket,
  type Recent,
  type Usual,
} from './counts.ts'
import { type Episodes, followEpisodes, noEpisodes } from './episodes.ts'
import type { TransactionRateOptions } from './options.ts'
import { reachedLimits, type Unusual, unusualCounts } from './unusual.ts'

/** What is remembered of one contract, each part under a key of its own, since they change at different times. */
export type Remembered = { counts: Counts; usual: Usual; recent: Recent; episodes: Episodes }

/** Before the first block nothing is. */
export type Known = { [Part in keyof Remembered]: Remembered[Part] | undefined }

/** Counts a block, judges the bucket so far, and learns the buckets that are over. Null: nothing to do. */
export function judgeTarget({
  target,
  observation: { block, outcomes },
  before,
  options,
  seconds,
}: {
  target: Contract
  observation: Observation
  before: Known
  options: TransactionRateOptions
  seconds: number
}): { after: Remembered; begun: { unusual: Unusual; episode: number }[] } | null {
  const own = outcomes.filter(({ transaction }) => transaction.to === target.address)
  const { episodes = noEpisodes, recent = { limit: [], failed: [] } } = before
  if (before.usual && own.length === 0 && episodes.open.length === 0) return null

  const bucket = Math.floor(block.timestamp / seconds)
  let { usual = emptyUsual(bucket), counts = emptyCounts(bucket) } = before
  if (counts.bucket < bucket) {
    const judgement = new Map(
      episodes.open
        .filter(([, , last]) => last === counts.bucket)
        .map(
          ([series, since, last]) =>
            [series, (last - since) * seconds < options.acceptAfter ? 'leave' : 'accept'] as const,
        ),
    )
    usual = learnBucket(usual, counts, { next: bucket, seconds, lesson: (series) => judgement.get(series) ?? 'learn' })
    counts = emptyCounts(bucket)
  }
  if (own.length > 0) counts = countOutcomes(counts, own)
  const reverted = own.filter(({ receipt }) => receipt?.status === 'reverted').length
  const now = addRecent(recent, options, { time: block.timestamp, all: own.length, reverted })
  const limits = reachedLimits({ before: recent, now }, options, block.timestamp)
  const unusual = [...unusualCounts(usual, counts, { options, seconds }), ...limits.reached]
  const followed = followEpisodes(episodes, { unusual, limits: limits.goOn, bucket })
  return { after: { counts, usual, recent: now, episodes: followed.episodes }, begun: followed.begun }
}

import { logCountTail } from '../../../lib/countTail.ts'
import { windowSums } from '../../../lib/slidingWindow.ts'
import type { Counts, Recent, Usual } from './counts.ts'
import type { TransactionRateOptions } from './options.ts'
import { expectedCount } from './seasonalRate.ts'
import { certainCount } from './tally.ts'
import { usualSize } from './usualSizes.ts'

/** A count that is above what is usual, or at a limit. */
export type Unusual = {
  /** `contract`, `failed`, `selector 0x…`, `sender 0x…`, `limit`, `failed limit`. */
  series: string
  count: number
} & ({ expected: number; logProbability: number } | { limit: number; seconds: number })

/** Speaking of more keys of one contract at once helps nobody. */
const keysMax = 8

/** A bucket that is not over is judged as if it were: it can only grow. */
export function unusualCounts(
  usual: Usual,
  counts: Counts,
  { options, seconds }: { options: TransactionRateOptions; seconds: number },
): Unusual[] {
  const isWarm = (counts.bucket - usual.since) * seconds >= options.warmup
  if (!isWarm) return []
  const found: Unusual[] = []
  const judge = (series: string, count: number, expected: () => number, dispersion: number) => {
    if (count < options.minimum) return
    const mean = expected()
    const logProbability = logCountTail(count, mean, dispersion)
    if (count > mean && logProbability < Math.log(options.probability)) {
      found.push({ series, count, expected: mean, logProbability })
    }
  }
  for (const name of ['contract', 'failed'] as const) {
    const rate = usual[name]
    if (!options.by.includes(name)) continue
    judge(name, counts[name], () => expectedCount(rate, counts.bucket * seconds, seconds), rate.dispersion)
  }
  for (const [name, table] of [
    ['selector', 'selectors'],
    ['sender', 'senders'],
  ] as const) {
    if (!options.by.includes(name)) continue
    const frequent = counts[table].toSorted((a, b) => certainCount(b) - certainCount(a)).slice(0, keysMax)
    for (const row of frequent) {
      judge(`${name} ${row[0]}`, certainCount(row), () => usualSize(usual[table], row[0]), usual[table].dispersion)
    }
  }
  return found
}

const limitSeries = ['limit', 'failed limit'] as const

/**
 * Limits that the transactions of this block reach.
 * @param before What there was without this block: an episode goes on while that is at least half of the limit.
 */
export function reachedLimits(
  { before, now }: { before: Recent; now: Recent },
  { limit, failed }: Pick<TransactionRateOptions, 'limit' | 'failed'>,
  time: number,
): { reached: Unusual[]; goOn: Map<string, boolean> } {
  const reached: Unusual[] = []
  const goOn = new Map<string, boolean>()
  for (const series of limitSeries) {
    const [part, cap] = series === 'limit' ? (['limit', limit] as const) : (['failed', failed] as const)
    if (!cap) continue
    const sum = (recent: Recent) => Number(windowSums(recent[part], { time, seconds: cap.seconds, width: 1 })[0])
    const count = sum(now)
    goOn.set(series, 2 * sum(before) >= cap.count)
    if (count >= cap.count) reached.push({ series, count, limit: cap.count, seconds: cap.seconds })
  }
  return { reached, goOn }
}

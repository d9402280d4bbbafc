/** When something came last, and how long it took between the last times, oldest first. Seconds; plain data. */
export type Rhythm = { last: number; gaps: number[] }

/**
 * `usual`: the median gap. `limit`: a gap that is longer is not usual. `steady`: it goes by the clock, not by need.
 * `known`: for how long it was seen.
 */
export type Pace = { usual: number; limit: number; steady: boolean; known: number }

const gapsMax = 32
/** With fewer the longest says nothing. */
const gapsMin = 5
/**
 * What comes by chance at a mean rate passes the limit in 1 of 140 gaps, and twice the limit while it looks steady in
 * 1 of 10,000 (`rhythm.test.ts`); what comes by the clock passes neither.
 */
const [overLongest, overMedian] = [1.5, 4]
/** Longest over median gap: of 32 that come by chance at a mean rate it is about 6, so that two thirds of the time it looks steady. */
const steadyMax = 6

/** The rhythm with one more time. An outage does not become the rule: a gap counts up to the limit only. */
export function beat(before: Rhythm | undefined, at: number): Rhythm {
  if (!before) return { last: at, gaps: [] }
  if (at <= before.last) return before
  const gap = Math.min(at - before.last, paceOf(before)?.limit ?? Number.POSITIVE_INFINITY)
  return { last: at, gaps: [...before.gaps, gap].slice(-gapsMax) }
}

/** What is usual; null: too little was seen. */
export function paceOf({ gaps }: Rhythm): Pace | null {
  if (gaps.length < gapsMin) return null
  const sorted = gaps.toSorted((a, b) => a - b)
  const [usual, longest] = [sorted[sorted.length >> 1]!, sorted.at(-1)!]
  const limit = Math.ceil(Math.max(overLongest * longest, overMedian * usual))
  const known = gaps.reduce((sum, gap) => sum + gap, 0)
  return { usual, limit, steady: longest <= steadyMax * usual, known }
}

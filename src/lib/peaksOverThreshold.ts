import { z } from 'zod'
/**
 * How large a value must be to be rarer than a chance that one chooses, learned from a stream without assuming how its
 * values are spread: the values above a high threshold are fitted by a generalized Pareto distribution (SPOT: Siffer,
 * Fouque, Termier and Largouet, KDD 2017). Plain data of bounded size.
 */
export const peaksShape = z.object({
  /** Values learned, and how many of them were above the threshold. */
  learned: z.number(),
  above: z.number(),
  /** The values themselves, until they are enough to set the threshold. */
  sample: z.array(z.number()),
  /** Null: still learning. */
  threshold: z.number().nullable(),
  /** By how much the last values above the threshold passed it, the newest last; and what was fitted to them. */
  excesses: z.array(z.number()),
  /** Tail index and scale of a generalized Pareto distribution. */
  fit: z.object({ gamma: z.number(), sigma: z.number() }),
})
export type Peaks = z.output<typeof peaksShape>
export type ParetoFit = Peaks['fit']

export const emptyPeaks = (): Peaks => ({
  ...{ learned: 0, above: 0, sample: [], threshold: null, excesses: [] },
  fit: { gamma: 0, sigma: 0 },
})

/** With fewer values the threshold would not be high, or too few would be above it. A month of hours. */
export const sampleSize = 720
/** So many of the first values are above the threshold: its 98 % quantile, and no fewer than a fit needs. */
const aboveAtFirst = 15
/** With fewer excesses a fit says little. */
export const fitMin = aboveAtFirst
const excessesMax = 500
/** Bounds of the tail index γ: below, the tail ends; above, the mean of the fit has no meaning. */
const [gammaMin, gammaMax] = [-0.5, 0.9]

/** The value that is passed with this chance; null: still learning. */
export function limitAt({ learned, above, threshold, fit: { gamma, sigma } }: Peaks, chance: number): number | null {
  if (threshold === null) return null
  const ratio = (chance * learned) / above
  // What is more frequent than the threshold itself is not told by its excesses.
  if (ratio >= 1) return threshold
  return threshold + (Math.abs(gamma) < 1e-6 ? -sigma * Math.log(ratio) : (sigma / gamma) * (ratio ** -gamma - 1))
}

/** The stream with one more value. One that was an alarm is to be handed in cut to its limit, or not at all. */
export function learnPeak(before: Peaks, value: number): Peaks {
  const learned = before.learned + 1
  if (before.threshold === null) {
    const sample = [...before.sample, short(value)]
    return sample.length < sampleSize ? { ...before, learned, sample } : { ...split(sample), learned }
  }
  if (value <= before.threshold) return { ...before, learned }
  const excesses = [...before.excesses, short(value - before.threshold)].slice(-excessesMax)
  return { ...before, learned, above: before.above + 1, excesses, fit: fitPareto(excesses) }
}

function split(sample: readonly number[]): Omit<Peaks, 'learned'> {
  const sorted = sample.toSorted((a, b) => a - b)
  const threshold = sorted[sorted.length - 1 - aboveAtFirst]!
  const excesses = sample.filter((value) => value > threshold).map((value) => short(value - threshold))
  // All alike at the top: what is higher still is a peak of the smallest size.
  return { sample: [], threshold, above: Math.max(1, excesses.length), excesses, fit: fitPareto(excesses) }
}

/**
 * Fits a generalized Pareto distribution by probability-weighted moments (Hosking and Wallis 1987), which is a closed
 * form. Where γ is cut to its bounds, σ keeps the mean.
 */
export function fitPareto(excesses: readonly number[]): ParetoFit {
  const count = excesses.length
  if (count === 0) return { gamma: 0, sigma: 0 }
  const mean = excesses.reduce((sum, value) => sum + value, 0) / count
  const weighted =
    excesses
      .toSorted((a, b) => a - b)
      .reduce((sum, value, place) => sum + value * (1 - (place + 1 - 0.35) / count), 0) / count
  const spread = mean - 2 * weighted
  const gamma = spread > 0 ? Math.max(gammaMin, Math.min(gammaMax, 2 - mean / spread)) : gammaMin
  return { gamma, sigma: mean * (1 - gamma) }
}

/** Six digits are enough, and keep the row short. */
const short = (value: number): number => Number(value.toPrecision(6))

import { z } from 'zod'
/**
 * Adds up by how much values stay above what is usual, so that a shift too small to be seen in any one of them shows in
 * their sum (one-sided CUSUM, Page 1954). Plain data.
 */
export const cusumShape = z.object({
  /** Values learned. */
  learned: z.number(),
  /** Mean size of a deviation. */
  spread: z.number(),
  /** In standard deviations. */
  sum: z.number(),
})
export type Cusum = z.output<typeof cusumShape>

export const emptyCusum: Cusum = { learned: 0, spread: 0, sum: 0 }

/** In standard deviations: what is taken off each value, how much a single one counts, and the sum that is an alarm. */
const [slack, clip] = [0.5, 3]
export const cusumLimit = 8
/** Above twice the limit a sum says no more, and would only take longer to come down. */
const sumMax = 2 * cusumLimit
/** After so many values the spread is believed: two days of hours. */
const learnedMin = 48
const stepMin = 1 / 720
/** Standard deviation over mean size of a deviation, where values are spread normally. */
const deviationsPerSpread = Math.sqrt(Math.PI / 2)

/** The sum after one more value, told as its distance from what is usual. */
export function nextCusum({ learned, spread, sum }: Cusum, distance: number): Cusum {
  const isKnown = learned >= learnedMin && spread > 0
  const deviation = isKnown ? distance / (spread * deviationsPerSpread) : 0
  const counted = Math.max(-clip, Math.min(clip, deviation))
  const size = isKnown ? Math.min(Math.abs(distance), clip * deviationsPerSpread * spread) : Math.abs(distance)
  const step = Math.max(stepMin, 1 / (learned + 1))
  return {
    learned: learned + 1,
    spread: short(spread + step * (size - spread)),
    sum: isKnown ? short(Math.max(0, Math.min(sumMax, sum + counted - slack))) : 0,
  }
}

/** Five digits are enough, and keep the row short. */
const short = (value: number): number => Number(value.toPrecision(5))

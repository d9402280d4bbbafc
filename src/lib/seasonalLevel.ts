import { z } from 'zod'
/**
 * What the logarithm of a flow usually is at an hour: by hour of the day (UTC), and after four weeks by hour of the week.
 * It follows drift in small steps that a single wild hour cannot stretch. Plain data of bounded size.
 */
export const levelShape = z.object({
  /** How many hours were learned. */
  learned: z.number(),
  /** 24 or 168 of them; null: no such hour was learned yet. */
  levels: z.array(z.number().nullable()).min(24).max(168),
})
export type SeasonalLevel = z.output<typeof levelShape>

export const emptyLevel = (): SeasonalLevel => ({ learned: 0, levels: new Array(24).fill(null) })

const [day, week] = [24, 168]
/** Smallest step towards a new value: half of what is known of an hour comes from its last 14 visits. */
const stepMin = 0.05
/** So far, in natural logarithms, a single value counts: about seven times the usual. */
const clip = 2

/** The usual logarithm at an hour, counted since the epoch; null: nothing is known yet. */
export function levelAt({ learned, levels }: SeasonalLevel, hour: number): number | null {
  if (learned === 0) return null
  const own = levels[hour % levels.length] ?? null
  if (own !== null) return own
  const known = levels.filter((level) => level !== null)
  return known.reduce((sum, level) => sum + level, 0) / known.length
}

/** The levels after one more hour with a flow of which this is the logarithm. */
export function learnLevel(before: SeasonalLevel, hour: number, value: number): SeasonalLevel {
  const learned = before.learned + 1
  const levels = learned > 4 * week && before.levels.length === day ? byWeek(before.levels) : [...before.levels]
  const place = hour % levels.length
  const level = levels[place] ?? levelAt(before, hour) ?? value
  const step = Math.max(stepMin, 1 / (1 + before.learned / levels.length))
  levels[place] = short(level + step * Math.max(-clip, Math.min(clip, value - level)))
  return { learned, levels }
}

/** The day, seven times. Hour 0 of the epoch began a day, so that hours of the day keep their place. */
const byWeek = (levels: readonly (number | null)[]) => Array.from({ length: week }, (_, hour) => levels[hour % day]!)

/** Five digits are enough, and keep the row short. */
const short = (value: number): number => Number(value.toPrecision(5))

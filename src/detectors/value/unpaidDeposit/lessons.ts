import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import { hexShape, remembered } from '../../remembered.ts'

const payment = z.object({ asset: z.union([hexShape, z.literal('native')]), to: hexShape })
/** What an event was paid with, and to whom. */
export type PaidWith = z.output<typeof payment>

/**
 * What use has taught of one event. `told`: how often it was. `places`: the words of it that were what somebody gave, each
 * time. `first`: what was given at first, as whoever comes later may give to an account of his own. `unpaid`: how often
 * nothing was.
 */
const lesson = z.object({
  told: z.number(),
  places: z.array(z.number()),
  first: z.array(payment),
  unpaid: z.number(),
})
export type Lesson = z.output<typeof lesson>

const shape = z.record(z.string(), lesson)
const recalled = remembered(shape)
export const lessonsKey = (target: Address) => `lessons ${target}`
export const lessonsOf = (memory: Memory, target: Address): Record<string, Lesson> =>
  recalled(memory, lessonsKey(target)) ?? {}

/** So often it must have been paid, each time. */
export const paidMin = 3
const [eventsMax, firstMax, countMax] = [24, 4, 1_000]

export const isLearned = (lesson: Lesson | undefined): lesson is Lesson =>
  lesson !== undefined && lesson.told >= paidMin && lesson.places.length > 0

/** One that was paid. @param places Words that are what somebody gave. Beyond what is kept nothing is learned. */
export function learn(
  lessons: Record<string, Lesson>,
  name: string,
  { places, payments }: { places: readonly number[]; payments: readonly PaidWith[] },
): Record<string, Lesson> {
  const known = lessons[name]
  if (!known && Object.keys(lessons).length >= eventsMax) return lessons
  if (known?.told === countMax && known.places.every((each) => places.includes(each))) return lessons
  const kept = known ? known.places.filter((each) => places.includes(each)) : [...places]
  const all = [...(known?.first ?? []), ...payments]
  const first = [...new Map(all.map((each) => [`${each.asset} ${each.to}`, each])).values()].slice(0, firstMax)
  const next = { told: Math.min(countMax, (known?.told ?? 0) + 1), places: kept, first, unpaid: known?.unpaid ?? 0 }
  return { ...lessons, [name]: next }
}

export const learnUnpaid = (lessons: Record<string, Lesson>, name: string): Record<string, Lesson> => {
  const known = lessons[name]
  return known ? { ...lessons, [name]: { ...known, unpaid: known.unpaid + 1 } } : lessons
}

import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import { type Marks, wordCount } from './marksOf.ts'
import type { PaidCall } from './paidCalls.ts'

/**
 * What use has taught of one function: how many claims it paid, how often one was paid again or for something else, and
 * how often it was told of. `words`: the fewest that it was handed. `last`: the numbers of the last claim and what it paid. Plain data.
 */
const wordShape = z.string().regex(/^[0-9a-f]{1,64}$/)
const lessonShape = z.object({
  claims: z.number(),
  otherwise: z.number(),
  told: z.number(),
  words: z.number().exactOptional(),
  last: z.tuple([z.array(wordShape), decimalShape]).nullable(),
})
export type Lesson = z.output<typeof lessonShape>
const rememberedLessons = remembered(z.record(hexShape, lessonShape))

const noLesson: Lesson = { claims: 0, otherwise: 0, told: 0, last: null }

/** As many claims as must have been paid once each, before one that is paid again is news. */
const claimsMin = { proof: 2, number: 3 }
/** What is told of teaches nothing at first, or a thief would make himself believed. */
const toldMax = 8
const functionsMax = 16

export const isOnce = ({ claims, otherwise }: Lesson, kind: Marks['kind']): boolean =>
  otherwise === 0 && claims >= claimsMin[kind]

export const isNews = ({ told }: Lesson): boolean => told < toldMax

const functionsKey = (target: Address) => `functions ${target}`

/** The lessons of all functions, over the memory of the monitor. */
export function functionBook(memory: Memory) {
  const changed = new Map<Address, Record<string, Lesson>>()
  const of = (target: Address) => changed.get(target) ?? rememberedLessons(memory, functionsKey(target)) ?? {}
  return {
    lesson: (target: Address, selector: Hex): Lesson => of(target)[selector] ?? noLesson,
    /** Those of functions beyond what is kept are not learned, so that nothing is said of them. */
    learn(target: Address, selector: Hex, lesson: Lesson): void {
      const own = of(target)
      if (!own[selector] && Object.keys(own).length >= functionsMax) return
      changed.set(target, { ...own, [selector]: lesson })
    },
    changes: (): Record<string, Json> =>
      Object.fromEntries([...changed].map(([target, lessons]) => [functionsKey(target), lessons])),
  }
}

/** No more is counted. */
const countMax = 1_000

/** Another claim, by a name that no claim before it had. Where twice the number is paid twice as much, it is a size. */
export function learnNew(
  lesson: Lesson,
  { numbers }: Marks,
  { paid, input }: Pick<PaidCall, 'paid' | 'input'>,
): Lesson {
  const [sole, ...more] = paid
  const amount = sole && more.length === 0 ? String(sole[1]) : '0'
  const isSize = lesson.last !== null && isProportional([numbers, amount], lesson.last)
  return {
    ...lesson,
    claims: Math.min(countMax, lesson.claims + 1),
    words: Math.min(lesson.words ?? Number.MAX_SAFE_INTEGER, wordCount(input)),
    otherwise: lesson.otherwise + (isSize ? 1 : 0),
    last: numbers.length > 0 ? [numbers, amount] : null,
  }
}

function isProportional([numbers, paid]: [string[], string], [before, paidBefore]: [string[], string]): boolean {
  const [now, then] = [BigInt(paid), BigInt(paidBefore)]
  return (
    now > 0n &&
    then > 0n &&
    numbers.some((digits, place) => {
      const [number, last] = [BigInt(`0x${digits}`), BigInt(`0x${before[place] ?? '0'}`)]
      return number > 0n && last > 0n && number !== last && number * then === last * now
    })
  )
}

import { z } from 'zod'
import { durationWords } from '../../../lib/durationWords.ts'
import { hexShape, remembered } from '../../remembered.ts'

/**
 * What was seen of one governor: votes that a proposal needs, those that somebody came to within a week, what one costs,
 * what the missing ones cost together (null: not for sale), and what the treasury is worth. Whole votes; prices in the unit
 * of all prices; unix seconds. Plain data.
 */
const lookShape = z.object({
  needed: z.number(),
  had: z.number(),
  by: hexShape.nullable(),
  each: z.number(),
  cost: z.number().nullable(),
  worth: z.number(),
  at: z.number(),
})
export type Look = z.output<typeof lookShape>
export const rememberedLook = remembered(lookShape)

/** What moved by a tenth or more. */
const news = 0.1

/** Why taking the vote has become cheaper against what it gets, in words. */
export function reasonsFor(look: Look, before: Look | undefined): string[] {
  if (!before) return ['it has been so since it is watched']
  const percent = (from: number, to: number) => `${Math.round((100 * Math.abs(to - from)) / from)} %`
  const rose = (from: number, to: number) => to > 0 && to >= from * (1 + news)
  const fell = (from: number, to: number) => to <= from * (1 - news)
  const since = `within ${durationWords(look.at - before.at)}`
  const reasons = [
    ...(fell(before.each, look.each) ? [`votes became ${percent(before.each, look.each)} cheaper`] : []),
    ...(rose(before.worth, look.worth)
      ? [`the treasury grew${before.worth > 0 ? ` by ${percent(before.worth, look.worth)}` : ''}`]
      : []),
    ...(fell(before.needed, look.needed) ? [`${percent(before.needed, look.needed)} fewer votes are needed`] : []),
    ...(look.had - before.had >= news * look.needed ? [`${look.by} came to many votes`] : []),
    ...(before.cost === null && look.cost !== null ? ['as many votes as are missing are for sale now'] : []),
  ]
  return reasons.length > 0 ? [`${reasons.join(', ')} ${since}`] : ['it came about little by little']
}

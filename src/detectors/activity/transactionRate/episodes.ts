import { z } from 'zod'
import { remembered } from '../../remembered.ts'
import type { Unusual } from './unusual.ts'

/** By series. `last`: last bucket in which it was unusual. `number`: counts all episodes of the contract. Plain data. */
const episodesShape = z.object({
  number: z.number(),
  /** Series, since when, last bucket, number of the episode. */
  open: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])),
})
export type Episodes = z.output<typeof episodesShape>
export const rememberedEpisodes = remembered(episodesShape)

export const noEpisodes: Episodes = { number: 0, open: [] }

/**
 * Opens an episode for everything that has become unusual and ends those of which the last whole bucket was not.
 * @param limits Series of limits, which have windows of their own, and whether their episode goes on.
 */
export function followEpisodes(
  before: Episodes,
  { unusual, limits, bucket }: { unusual: readonly Unusual[]; limits: ReadonlyMap<string, boolean>; bucket: number },
): { episodes: Episodes; begun: { unusual: Unusual; episode: number }[] } {
  let { number } = before
  const isNow = new Set(unusual.map(({ series }) => series))
  const open = before.open
    .filter(([series, , last]) => limits.get(series) ?? last >= bucket - 1)
    .map(([series, since, last, of]): Episodes['open'][number] => [
      series,
      since,
      isNow.has(series) ? bucket : last,
      of,
    ])
  const begun = unusual
    .filter(({ series }) => !open.some(([known]) => known === series))
    .map((each) => ({ unusual: each, episode: ++number }))
  open.push(
    ...begun.map(({ unusual: { series }, episode }): Episodes['open'][number] => [series, bucket, bucket, episode]),
  )
  return { episodes: { number, open }, begun }
}

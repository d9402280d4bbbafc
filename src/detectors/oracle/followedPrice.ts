import { z } from 'zod'
import type { Assignment, Memory } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { noPrice, type PriceFollower, priceOf, priceSource, readerOf } from '../prices/priceSource.ts'
import { pairMean, pairMeanOf } from './pairMean.ts'

/** Where a price comes from, for detectors that remember: also what must be watched for a while. */
export const followedPrice = z.union([...priceSource.options, pairMean])
export type FollowedPrice = z.output<typeof followedPrice>

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function followerOf(
  source: FollowedPrice,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): PriceFollower {
  if ('pair' in source && 'window' in source) return pairMeanOf(source, assignment)
  const reader = readerOf(source, assignment)
  return {
    name: reader.name,
    reads: [reader.read],
    learns: false,
    look({ state }) {
      const result = state(reader.read)
      const price = priceOf(reader, result)
      return price === null ? { none: result.ok ? noPrice : result.reason } : { price }
    },
  }
}

/** As a natural logarithm. */
export type Price = { name: string; price: number }

/** All prices that can be told, in the order of their sources, and why the others cannot. */
export function lookAt(
  followers: readonly PriceFollower[],
  { observation, memory }: { observation: Observation; memory: Memory },
): { prices: Price[]; blind: string[]; remember: Record<string, Json> } {
  const looks = followers.map(({ name, look }) => ({ name, ...look(observation, memory) }))
  return {
    prices: looks.flatMap((each) => ('price' in each ? [{ name: each.name, price: each.price }] : [])),
    blind: looks.flatMap((each) =>
      'none' in each ? [`The price in ${each.name} could not be read: ${each.none}`] : [],
    ),
    remember: Object.assign({}, ...looks.map(({ remember }) => remember)),
  }
}

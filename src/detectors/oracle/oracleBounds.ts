import { z } from 'zod'
import { groupDigits } from '../../lib/factWords.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { type Condition, followConditions } from '../conditions.ts'
import { feedsOf, feedsOption, type Source } from '../contractOption.ts'
import { latestRound, readRounds } from '../prices/feedRound.ts'
import { hexShape, remembered } from '../remembered.ts'

const options = z.strictObject({
  feeds: feedsOption,
  aggregators: z
    .boolean()
    .default(true)
    .describe('Also ask the aggregator behind each feed between which answers it must stay.'),
})
type Options = z.output<typeof options>

const ask = (to: Address, data: Hex): Read => ({ kind: 'call', at: 'block', to, data })
const bounds = { minAnswer: '0x22adbc78', maxAnswer: '0x70da2f67' } as const
const aggregatorOf = (feed: Address) => ask(feed, '0x245a7bfc')
const aggregatorKey = (feed: Address) => `aggregator ${feed}`
const rememberedAggregator = remembered(hexShape)

/** How far a true price of a sane feed is from where its aggregator cuts it off, in hundredths. */
const near = { min: 101n, max: 99n }
/** Feeds without bounds have the smallest and the largest number that they can hold: 1, and 2^176 - 1 or more. */
const [boundMin, boundMax] = [1n, 1n << 170n]

/**
 * Speaks when a feed gives a price that cannot be right: zero or less, or at the bound where its aggregator cuts prices
 * off, so that the true one may be anything beyond.
 */
export const oracleBounds = defineDetector<Options>({
  id: 'oracle-bounds',
  title: 'A price of zero, or cut off at its bounds',
  scenario:
    'A coin collapses, and its feed stops at the smallest answer that its aggregator may give: thieves buy the coin for nothing and borrow against it at the price of the feed.',
  signal:
    'In every block it reads the answer of each feed and, with `aggregators`, the `minAnswer()` and `maxAnswer()` of what stands behind it. It pages once while the answer is zero or less, or within a hundredth of a bound that somebody set, and is over when it is not.',
  response:
    'Compare with the market. If the feed is cut off, pause borrowing against this asset at once and set its collateral factor to zero.',
  knownLimits: [
    'A feed without bounds that gives a wrong price within reason is for `oracle-deviation` and `oracle-jump`.',
    'Bounds of 1 and of 2^170 or more are taken for none.',
    'Bounds that the contract itself keeps, and the feed does not, are not read.',
    'A coin that is truly worth its lower bound pages for as long as it is.',
  ],
  severity: 'critical',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile(assignment) {
    const feeds = feedsOf(assignment.options.feeds, assignment)
    const { aggregators } = assignment.options
    const ofFeed = ({ address }: Source): Read[] => [
      latestRound(address),
      ...(aggregators ? [aggregatorOf(address), ...boundsOf(address)] : []),
    ]
    return {
      interests: [{ kind: 'state', reads: feeds.flatMap(ofFeed), everyBlocks: 1 }],
      reads: (_, memory) =>
        feeds.flatMap(({ address }) => {
          const aggregator = rememberedAggregator(memory, aggregatorKey(address))
          return aggregator ? boundsOf(aggregator) : []
        }),

      detect(observation, memory) {
        const conditions: Condition[] = []
        const blind: string[] = []
        const remember: Record<string, Address> = {}
        for (const { feed, round } of readRounds(observation, feeds, blind)) {
          const key = aggregatorKey(feed.address)
          const known = rememberedAggregator(memory, key)
          const now = aggregators ? aggregatorIn(observation, feed.address) : null
          if (now && now !== known) remember[key] = now
          const asked = aggregators ? [feed.address, ...(known && known === now ? [known] : [])] : []
          const [min, max] = [limitIn(observation, asked, 'minAnswer'), limitIn(observation, asked, 'maxAnswer')]
          conditions.push(conditionOf(feed, round.answer, { min, max }))
        }
        const followed = followConditions(conditions, { memory, relying: assignment.targets })
        return { ...followed, blind, memory: { ...followed.memory, ...remember } }
      },
    }
  },
})

const boundsOf = (address: Address): Read[] => [ask(address, bounds.minAnswer), ask(address, bounds.maxAnswer)]

function aggregatorIn(observation: Observation, feed: Address): Address | null {
  const result = observation.state(aggregatorOf(feed))
  if (!result.ok || result.data.length < 66 || BigInt(result.data.slice(0, 66)) >> 160n !== 0n) return null
  return BigInt(result.data.slice(0, 66)) === 0n ? null : `0x${result.data.slice(26, 66)}`
}

/** A bound that somebody set; null: there is none, or nobody could tell. */
function limitIn({ state }: Observation, asked: readonly Address[], name: keyof typeof bounds): bigint | null {
  for (const address of asked) {
    const result = state(ask(address, bounds[name]))
    if (!result.ok || result.data.length < 66) continue
    const bound = BigInt.asIntN(256, BigInt(result.data.slice(0, 66)))
    if (name === 'minAnswer' ? bound > boundMin : bound > 0n && bound < boundMax) return bound
  }
  return null
}

function conditionOf(
  feed: Source,
  answer: bigint,
  { min, max }: { min: bigint | null; max: bigint | null },
): Condition {
  const atMin = min !== null && answer * 100n <= min * near.min
  const atMax = max !== null && answer * 100n >= max * near.max
  const shown = groupDigits(answer.toString())
  const title =
    answer <= 0n
      ? `${feed.name} gives the price ${shown}`
      : atMin
        ? `${feed.name} gives ${shown}, the least that it may give: the true price may be anything below`
        : `${feed.name} gives ${shown}, the most that it may give: the true price may be anything above`
  return {
    key: `bounds ${feed.address}`,
    level: answer <= 0n || atMin || atMax ? 'grave' : 'fine',
    title,
    facts: {
      feed: feed.address,
      answer: answer.toString(),
      minAnswer: min?.toString() ?? null,
      maxAnswer: max?.toString() ?? null,
    },
    evidence: 'hard',
  }
}

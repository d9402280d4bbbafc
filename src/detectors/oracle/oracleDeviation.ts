import { z } from 'zod'
import { defineDetector } from '../../model/detector.ts'
import { type Condition, followConditions } from '../conditions.ts'
import { remembered } from '../remembered.ts'
import { followedPrice, followerOf, lookAt, type Price } from './followedPrice.ts'

const percent = z.number().min(0.01).max(10_000)
const options = z.strictObject({
  sources: z.array(followedPrice).min(2).max(10).describe('Where the same price comes from, at least twice.'),
  percent: percent.default(2).describe('Percent that a source may be away from the others; more is medium.'),
  grave: percent.default(5).describe('Percent beyond which it has the severity of the monitor.'),
})
type Options = z.output<typeof options>

/** Blocks in a row in which a source was too far away. Plain data. */
const apartShape = z.object({ medium: z.number(), grave: z.number() })
type Apart = z.output<typeof apartShape>
const rememberedApart = remembered(apartShape)
/** One block is a trade that others answer, unless somebody used a contract that relies on the price in it. */
const blocksMin = 2

/** Speaks when sources of one price disagree: one of them is wrong, and contracts that ask it can be robbed. */
export const oracleDeviation = defineDetector<Options>({
  id: 'oracle-deviation',
  title: 'Sources of one price that disagree',
  scenario:
    'A price is pushed in the one pool that a feed is taken from, or a staked coin loses its peg and the feed goes on with the rate of redemption: who buys it in the market borrows more than it cost.',
  signal:
    'In every block the price is read from each of `sources`. Of two the distance counts, of more that of the farthest from the median: above `percent` it is `medium`, above `grave` it pages; after two blocks in a row, or at once where a contract sent a log in that block.',
  response:
    'Find out which source is right by the markets elsewhere. If it is not the one that your contracts use, pause borrowing against it.',
  knownLimits: [
    'Where most sources follow one that is pushed, they agree on the wrong price.',
    'A pair gives the price of this very moment, which a trade moves for a block; a pool, or a pair with a `window`, gives a mean over that time, which lags behind a true fall.',
    'The mean of a pair is known once it was watched for its `window`; until then it is blind on it.',
    'A push that is undone within one block is for `price-manipulation` and `round-trip`.',
    'In a crash a slow feed is honestly away from the market, and pages until its next round.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  lasting: true,
  needs: ['state', 'logs'],

  compile(assignment) {
    const { options, targets } = assignment
    const followers = options.sources.map((source) => followerOf(source, assignment))
    const key = `deviation ${followers.map(({ name }) => name).join(', ')}`.slice(0, 200)
    return {
      ...(followers.some(({ learns }) => learns) && { learns: true as const }),
      limits: { grave: options.grave },
      interests: [
        { kind: 'state', reads: followers.flatMap(({ reads }) => reads), everyBlocks: 1 },
        { kind: 'log', addresses: targets.map(({ address }) => address) },
      ],

      detect(observation, memory) {
        const { prices, blind, remember } = lookAt(followers, { observation, memory })
        if (prices.length < 2) return { blind, memory: remember }
        const { away, farthest } = spreadOf(prices)
        const before = rememberedApart(memory, 'apart') ?? { medium: 0, grave: 0 }
        const count = (name: keyof Apart, limit: number) =>
          away > Math.log1p(limit / 100) ? Math.min(blocksMin, before[name] + 1) : 0
        const apart = { medium: count('medium', options.percent), grave: count('grave', options.grave) }
        const isUsed = observation.logs.length > 0
        const holds = (name: keyof Apart) => apart[name] >= blocksMin || (apart[name] > 0 && isUsed)
        const condition: Condition = {
          key,
          level: holds('grave') ? 'grave' : holds('medium') ? 'medium' : 'fine',
          title: `The price in ${farthest.name} is ${shown(away)} away from that in ${others(prices, farthest)}`,
          facts: Object.fromEntries(
            prices.map(({ name, price }) => [name, String(Number(Math.exp(price).toPrecision(9)))]),
          ),
          evidence: 'hard',
          measured: { limit: ['grave'], value: 100 * Math.expm1(away) },
        }
        const followed = followConditions([condition], { memory, relying: targets })
        const isChanged = apart.medium !== before.medium || apart.grave !== before.grave
        return { ...followed, blind, memory: { ...remember, ...followed.memory, ...(isChanged && { apart }) } }
      },
    }
  },
})

/** How far the farthest source is from the median of all; of two, how far they are apart. */
function spreadOf(prices: readonly Price[]): { away: number; farthest: Price } {
  const sorted = prices.toSorted((a, b) => a.price - b.price)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!.price
  const farthest = sorted.reduce((far, each) =>
    Math.abs(each.price - middle) > Math.abs(far.price - middle) ? each : far,
  )
  return { away: Math.abs(farthest.price - middle), farthest }
}

const others = (prices: readonly Price[], { name }: Price): string =>
  prices
    .filter((each) => each.name !== name)
    .map((each) => each.name)
    .join(', ')
    .slice(0, 80)

const shown = (distance: number) => `${Number((100 * Math.expm1(distance)).toPrecision(3)).toLocaleString('en')} %`

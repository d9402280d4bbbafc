import { z } from 'zod'
import { durationWords } from '../../lib/durationWords.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { type Condition, followConditions, type Level } from '../conditions.ts'
import { contractOption, resolveContract } from '../contractOption.ts'
import { followedPrice, followerOf, lookAt, type Price } from '../oracle/followedPrice.ts'
import { remembered } from '../remembered.ts'
import { readAmount, tokenBalance } from '../tokens/balances.ts'

const percent = z.number().min(0.01).max(99)
const options = z.strictObject({
  prices: z
    .array(followedPrice)
    .min(1)
    .max(5)
    .describe('Where the price of the token comes from, in what it is pegged to. Of several the median counts.'),
  peg: z
    .union([z.number().min(1e-9).max(1e9), followedPrice])
    .default(1)
    .describe('What it should be worth: a number, or a source such as the rate at which it is redeemed.'),
  percent: percent.default(1).describe('Percent below the peg that are medium.'),
  grave: percent.default(3).describe('Percent below the peg that have the severity of the monitor.'),
  seconds: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(600)
    .describe('For so long it must be below. Three times as far as `grave` needs two blocks only.'),
  above: z.boolean().default(false).describe('Also speaks of a price above the peg: for tokens that are owed.'),
  depth: z
    .strictObject({
      token: contractOption,
      in: contractOption,
      atLeast: z.string().regex(/^\d{1,78}$/, 'write base units as digits'),
    })
    .optional()
    .describe(
      'The price counts only while `in`, a pool, holds `atLeast` base units of `token`: a drained pool has any price.',
    ),
})
type Options = z.output<typeof options>

/** How far is far, by name, and how long it has been so far: unix seconds, 0 where it is not. Plain data. */
const sinceShape = z.object({ medium: z.number(), grave: z.number(), deep: z.number() })
type Since = z.output<typeof sinceShape>
const rememberedSince = remembered(sinceShape)
const deepFactor = 3

/** Speaks when a token that contracts rely on is worth less than its peg for a while, once until it is back. */
export const depeg = defineDetector<Options>({
  id: 'depeg',
  title: 'Token off its peg',
  scenario:
    'A dollar or a staked coin that the contracts hold or take as collateral is worth less than it stands for. They go on taking it at par: whoever is quick leaves the bad token and takes the good ones.',
  signal:
    'In every block the median of `prices` is compared with `peg`. Lower by `percent` for `seconds` is `medium`, by `grave` it pages; three times `grave` needs two blocks only. With `above`, a price above counts, too; with `depth`, a price counts only while the pool holds that much.',
  response:
    'Find out why from its issuer and from deep markets. While it is not known, take no more of it: set its cap to zero, pause borrowing against it, and do not liquidate at par.',
  knownLimits: [
    'Of two prices that disagree the nearer to the peg counts; that they do is for `oracle-deviation`.',
    'A feed that is stale shows the peg of yesterday.',
    'A fall that is over before `seconds` is not told, except a deep one.',
    'A staked coin whose `peg` is 1 instead of its rate of redemption never fits.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile(assignment) {
    const { options, targets } = assignment
    const prices = options.prices.map((source) => followerOf(source, assignment))
    const peg = typeof options.peg === 'number' ? null : followerOf(options.peg, assignment)
    const depth = depthRead(assignment)
    const reads = [...prices.flatMap(({ reads }) => reads), ...(peg?.reads ?? []), ...(depth ? [depth.read] : [])]
    const key = `peg ${prices.map(({ name }) => name).join(', ')}`.slice(0, 200)
    const learns = [...prices, ...(peg ? [peg] : [])].some((each) => each.learns)
    return {
      ...(learns && { learns: true as const }),
      interests: [{ kind: 'state', reads, everyBlocks: 1 }],

      detect(observation, memory) {
        const found = lookAt(prices, { observation, memory })
        const pegged = lookAt(peg ? [peg] : [], { observation, memory })
        const blind = [...found.blind, ...pegged.blind]
        const sums = { ...found.remember, ...pegged.remember }
        const par = peg === null ? Math.log(Number(options.peg)) : pegged.prices[0]?.price
        if (found.prices.length === 0 || par === undefined) return { blind, memory: sums }
        const worth = medianOf(found.prices, par)
        const thin = depth && thinness(depth, observation)
        if (thin) return { blind: [...blind, thin], memory: sums }
        const gap = worth - par
        const { since, level, seconds } = judge(gap, { observation, memory, options })
        const condition: Condition = {
          key,
          level,
          title: `${prices[0]!.name} shows a price ${shown(gap)} its peg for ${durationWords(seconds)}`,
          facts: { price: digits(worth), peg: digits(par), seconds, sources: prices.map(({ name }) => name) },
          evidence: 'hard',
        }
        const followed = followConditions([condition], { memory, relying: targets })
        const remember: Record<string, Json> = since === null ? {} : { since }
        return { ...followed, blind, memory: { ...sums, ...followed.memory, ...remember } }
      },
    }
  },
})

type Depth = { read: Read; atLeast: bigint; pool: string }

function depthRead(assignment: Assignment<Options>): Depth | null {
  const { depth } = assignment.options
  if (!depth) return null
  const [token, pool] = [resolveContract(depth.token, assignment), resolveContract(depth.in, assignment)]
  return {
    read: tokenBalance(token.address, pool.address, 'block'),
    atLeast: BigInt(depth.atLeast),
    pool: pool.name,
  }
}

/** Why a price of this pool is not believed; null: it is deep enough. */
function thinness({ read, atLeast, pool }: Depth, observation: Observation): string | null {
  const held = readAmount(observation, read).amount
  if (held === null) return `What ${pool} holds could not be read.`
  return held >= atLeast ? null : `${pool} holds ${held} base units, less than ${atLeast}: its price is not believed.`
}

/** The median; of an even number that of the two in the middle that is nearer to the peg, so that one alone moves nothing. */
function medianOf(prices: readonly Price[], par: number): number {
  const sorted = prices.map(({ price }) => price).toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
  return Math.abs(low - par) < Math.abs(high - par) ? low : high
}

function judge(
  gap: number,
  { observation, memory, options }: { observation: Observation; memory: Memory; options: Options },
): { since: Since | null; level: Level; seconds: number } {
  const { timestamp } = observation.block
  const before = rememberedSince(memory, 'since') ?? { medium: 0, grave: 0, deep: 0 }
  const beyond = (limit: number) =>
    gap < Math.log1p(-Math.min(99, limit) / 100) || (options.above && gap > Math.log1p(limit / 100))
  const begin = (name: keyof Since, limit: number) => (beyond(limit) ? before[name] || timestamp : 0)
  const since: Since = {
    medium: begin('medium', options.percent),
    grave: begin('grave', options.grave),
    deep: begin('deep', deepFactor * options.grave),
  }
  const lasts = (name: keyof Since, least: number) => since[name] > 0 && timestamp - since[name] >= least
  const isDeep = before.deep > 0 && since.deep > 0
  const level: Level =
    isDeep || lasts('grave', options.seconds) ? 'grave' : lasts('medium', options.seconds) ? 'medium' : 'fine'
  const isSame = since.medium === before.medium && since.grave === before.grave && since.deep === before.deep
  return { since: isSame ? null : since, level, seconds: since.medium > 0 ? timestamp - since.medium : 0 }
}

const digits = (price: number) => String(Number(Math.exp(price).toPrecision(7)))
const shown = (gap: number) =>
  `${Number((100 * Math.abs(Math.expm1(gap))).toPrecision(3)).toLocaleString('en')} % ${gap < 0 ? 'below' : 'above'}`

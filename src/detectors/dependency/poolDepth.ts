import { z } from 'zod'
import { durationWords } from '../../lib/durationWords.ts'
import type { Address } from '../../model/chain.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { type Condition, followConditions, type Level } from '../conditions.ts'
import { contractOption, resolveContract, type Source } from '../contractOption.ts'
import { remembered } from '../remembered.ts'
import { readAmount, tokenBalance } from '../tokens/balances.ts'

const percent = z.number().min(0.1).max(99.9)
const pool = z.strictObject({
  pool: contractOption.describe('The pool: whatever holds the tokens.'),
  tokens: z.array(contractOption).min(1).max(8).describe('The tokens in it that are traded for each other.'),
})
const options = z.strictObject({
  pools: z
    .array(pool)
    .min(1)
    .max(20)
    .describe('The pools that the contracts under `on` take prices from or sell in, each with its tokens.'),
  hours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe('The depth is compared with the most that there was within so many hours.'),
  percent: percent.default(30).describe('Percent of the depth that may leave; more is medium.'),
  grave: percent.default(60).describe('Percent beyond which it has the severity of the monitor.'),
  against: z
    .strictObject({
      token: contractOption.describe('The token that can be borrowed, one of `tokens`.'),
      held: contractOption.describe('Who holds what can be borrowed.'),
    })
    .optional()
    .describe(
      'What can be borrowed at the price of the pools. To move the price of a pool by a tenth takes a twentieth of what it holds; where that is less than the loans are worth, pushing it pays (medium), less than half (grave).',
    ),
})
type Options = z.output<typeof options>

type Pool = Source & { tokens: readonly Source[]; reads: readonly Read[] }
/** The deepest moments of the last hours, oldest first: unix seconds and logarithm of the depth. Plain data. */
type Peaks = [time: number, depth: number][]
const rememberedPeaks = remembered(z.array(z.tuple([z.number(), z.number()])))
const peaksMax = 24

/** Of a pool of two coins whose product is kept: what must be paid in to move the price by a tenth, per unit held. */
const tenthCost = Math.sqrt(1.1) - 1

/**
 * Speaks when what is in a pool leaves. The depth is the geometric mean of what it holds of its tokens: trades leave
 * that as it is in a pool that keeps their product, and hardly change it in others, while liquidity that leaves takes all.
 */
export const poolDepth = defineDetector<Options>({
  id: 'pool-depth',
  title: 'Pool drained of depth',
  scenario:
    'The largest providers take their liquidity out of the pool that a price comes from, or that collateral is sold in. The price stays, but a small sum moves it now, and nothing can be sold at it any more.',
  signal:
    'The depth of each pool, the geometric mean of what it holds of `tokens`, is compared at the end of each block with the most within `hours`. A fall by `percent` is `medium`, by `grave` it pages. With `against`, moving the price by a tenth for less than can be borrowed is `medium`, for less than half of that it pages.',
  response:
    'Who left, and why? Lower what can be borrowed to what the pool can bear, or turn to a price that does not come from it. Ask the providers before the next loan is made.',
  knownLimits: [
    'Liquidity that comes and goes within one block is not seen.',
    'In pools of ranges (Uniswap v3) a large trade changes the depth, too, and what lies out of range counts though it bears nothing.',
    'Liquidity that moves to another pool of the same pair is a fall here.',
    'An outflow slower than `hours` is not seen.',
  ],
  severity: 'high',
  options,
  when: 'none',
  lasting: true,
  needs: ['state'],

  compile(assignment) {
    const { options, targets } = assignment
    const pools = options.pools.map((each) => poolOf(each, assignment))
    const against = againstOf(assignment)
    const reads = [...pools.flatMap((each) => each.reads), ...(against ? [against.read] : [])]
    return {
      interests: [{ kind: 'state', reads, everyBlocks: 1 }],

      detect(observation, memory) {
        const conditions: Condition[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        const borrowable = against && heldIn(observation, against.read)
        if (against && borrowable === null) blind.push(`What can be borrowed from ${against.name} could not be read.`)
        for (const each of pools) {
          const held = each.reads.map((read) => heldIn(observation, read))
          if (held.includes(null)) {
            blind.push(`What ${each.name} holds could not be read.`)
            continue
          }
          const amounts = held as bigint[]
          const { condition, peaks } = fallOf(each, amounts, { observation, memory, options })
          conditions.push(condition)
          if (peaks) remember[peaksKey(each)] = peaks
          const place = against ? each.tokens.findIndex(({ address }) => address === against.token) : -1
          if (borrowable !== null && place >= 0) conditions.push(ratioOf(each, amounts[place]!, borrowable))
        }
        const followed = followConditions(conditions, { memory, relying: targets })
        return { ...followed, blind, memory: { ...followed.memory, ...remember } }
      },
    }
  },
})

const peaksKey = ({ address }: Source) => `peaks ${address}`

function poolOf(given: z.output<typeof pool>, assignment: Assignment<Options>): Pool {
  const { name, address } = resolveContract(given.pool, assignment)
  const tokens = given.tokens.map((text) => resolveContract(text, assignment))
  return { name, address, tokens, reads: tokens.map((token) => tokenBalance(token.address, address, 'block')) }
}

function againstOf(assignment: Assignment<Options>): { token: Address; name: string; read: Read } | null {
  const { against } = assignment.options
  if (!against) return null
  const [token, holder] = [resolveContract(against.token, assignment), resolveContract(against.held, assignment)]
  return { token: token.address, name: holder.name, read: tokenBalance(token.address, holder.address, 'block') }
}

const heldIn = (observation: Observation, read: Read) => readAmount(observation, read).amount

/** As a logarithm; an empty pool has none. */
const depthOf = (amounts: readonly bigint[]): number =>
  amounts.reduce((sum, amount) => sum + (amount > 0n ? Math.log(Number(amount)) : 0), 0) / amounts.length

function fallOf(
  each: Pool,
  amounts: readonly bigint[],
  { observation, memory, options }: { observation: Observation; memory: Memory; options: Options },
): { condition: Condition; peaks: Peaks | null } {
  const { timestamp } = observation.block
  const seconds = options.hours * 3600
  const before = rememberedPeaks(memory, peaksKey(each)) ?? []
  const depth = Number(depthOf(amounts).toPrecision(9))
  const within = before.filter(([time]) => time > timestamp - seconds)
  const [time, most] = within.reduce((top, peak) => (peak[1] > top[1] ? peak : top), [
    timestamp,
    depth,
  ] as Peaks[number])
  const left = -100 * Math.expm1(depth - most)
  const level: Level = left > options.grave ? 'grave' : left > options.percent ? 'medium' : 'fine'
  return {
    condition: {
      key: `depth ${each.address}`,
      level,
      title: `${left.toFixed(1)} % of the depth of ${each.name} left it within ${durationWords(timestamp - time)}`,
      facts: {
        pool: each.address,
        ...Object.fromEntries(each.tokens.map(({ name }, place) => [name, amounts[place]!.toString()])),
      },
      evidence: 'hard',
    },
    peaks: peaksAfter(within, before, { timestamp, depth, slot: seconds / peaksMax }),
  }
}

/** One peak for each part of the window; null: nothing changed. */
function peaksAfter(
  within: Peaks,
  before: Peaks,
  { timestamp, depth, slot }: { timestamp: number; depth: number; slot: number },
): Peaks | null {
  const last = within.at(-1)
  const isSameSlot = last !== undefined && Math.floor(last[0] / slot) === Math.floor(timestamp / slot)
  if (isSameSlot && last[1] >= depth) return within.length === before.length ? null : within
  return [...(isSameSlot ? within.slice(0, -1) : within), [timestamp, depth] as Peaks[number]].slice(-peaksMax - 1)
}

function ratioOf({ name, address }: Pool, held: bigint, borrowable: bigint): Condition {
  const cost = tenthCost * Number(held)
  const ratio = borrowable === 0n ? Number.POSITIVE_INFINITY : cost / Number(borrowable)
  return {
    key: `pays ${address}`,
    level: ratio < 0.5 ? 'grave' : ratio < 1 ? 'medium' : 'fine',
    title: `To move the price in ${name} by a tenth costs ${(100 * ratio).toFixed(1)} % of what can be borrowed at it`,
    facts: { pool: address, held: held.toString(), borrowable: borrowable.toString() },
    evidence: 'hard',
  }
}

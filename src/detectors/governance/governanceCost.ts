import { isDeepStrictEqual } from 'node:util'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { type Assignment, defineDetector, type Memory } from '../../model/detector.ts'
import { KnownError } from '../../model/error.ts'
import type { Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { type Condition, followConditions, type Level, rememberedLevel } from '../conditions.ts'
import { numberOf } from '../tokens/balances.ts'
import { governanceLogsOf, powerTopics } from './governance/governanceLogs.ts'
import { resolvePlace } from './governance/place.ts'
import { readQuorum, readsOfQuorum } from './governance/quorum.ts'
import { type Look, reasonsFor, rememberedLook } from './governanceCost/look.ts'
import { type NewVotes, newVotesAsJson, newVotesIn, newVotesKey, nextNewVotes } from './governanceCost/newVotes.ts'
import { type GovernanceCostOptions, governanceCostOptions } from './governanceCost/options.ts'
import { type Treasury, treasuryOf } from './governanceCost/treasury.ts'
import { type VotesMarket, votesMarketOf } from './governanceCost/votesMarket.ts'

type Plan = {
  options: GovernanceCostOptions
  votes: Address
  governors: readonly { governor: Contract; treasury: Treasury }[]
  market: VotesMarket
}

/** How large a treasury can be told against a cost of nothing; as percent, so that it stays a number. */
const percentMax = 1_000_000
/** A level is left only when it is so much better, so that a price at the limit does not page every day. */
const slack = 0.9
const lookSeconds = 7 * 86_400
const levels: readonly Level[] = ['fine', 'medium', 'grave']

/** Compares what it costs to decide alone with what the decision can take. It speaks once, and when it becomes worse. */
export const governanceCost = defineDetector<GovernanceCostOptions>({
  id: 'governance-cost',
  title: 'A treasury worth more than the votes that decide over it',
  scenario:
    'The price of the votes falls, the treasury grows or the quorum is lowered, until whoever buys enough votes for one proposal gets more out of the treasury than they paid.',
  signal:
    'Every `everyBlocks` it computes votes needed (quorum or proposal threshold, whichever is more, less what one account won within a week) × their price in `market`, and compares it with what the `executor` holds of `treasury`. Above `percent` of the cost it is `medium`, above `grave` it pages, once each; it is over when it is a tenth below.',
  response:
    'Raise the quorum or the delay, move part of the treasury out of reach of one vote, ask holders to delegate, and make sure that somebody who is awake may cancel. Look at who buys: the proposal comes next.',
  knownLimits: [
    'Borrowed, delegated or bribed votes cost less than bought ones; of these `governance` tells when they are used.',
    'Fees, other buyers and voters who would turn out against it are left out, so that the true cost is higher.',
    "A pool's price is that at the end of the block, which somebody can push for one; a feed or a mean over time cannot be.",
    'Where the pool has not so many votes they count as not for sale, though they may be bought elsewhere.',
    'Tokens beside those of `treasury` are not counted.',
  ],
  severity: 'high',
  options: governanceCostOptions,
  when: 'none',
  lasting: true,
  needs: ['logs', 'state'],

  compile(assignment) {
    const plan = planOf(assignment)
    const { everyBlocks, grave } = plan.options
    return {
      limits: { grave },
      notes: [
        'Votes that can be borrowed instead of bought, and what the treasury holds beside the tokens of `treasury`, are not counted.',
      ],
      interests: [
        { kind: 'tick', everyBlocks },
        { kind: 'log', addresses: [plan.votes], topics: powerTopics },
      ],
      reads: (view) => (view.ticked ? plan.governors.flatMap((each) => readsOf(plan, each, view)) : []),
      detect: (observation, memory) => judge(plan, observation, memory),
    }
  },
})

function planOf(assignment: Assignment<GovernanceCostOptions>): Plan {
  const { options, targets } = assignment
  const timelocks = targets.filter(({ kind }) => kind === 'timelock')
  const only = timelocks.length === 1 ? timelocks[0]?.address : undefined
  const executor = resolvePlace(options.executor, assignment) ?? only
  const votes = resolvePlace(options.votes, assignment)!
  const governors = targets.filter(({ kind }) => kind !== 'timelock')
  if (governors.length === 0) {
    throw new KnownError('invalid', 'governance-cost watches a governor, and under `on` stand only timelocks.', {
      hints: ['Write the governor under `on`, and who holds its treasury as the option `executor`.'],
    })
  }
  return {
    ...{ options, votes },
    governors: governors.map((governor) => ({
      governor,
      treasury: treasuryOf(options, executor ?? governor.address, assignment),
    })),
    market: votesMarketOf({ market: options.market, votes, decimals: options.decimals }, assignment),
  }
}

const thresholdOf = (governor: Address): Read => ({
  ...{ kind: 'call', at: 'block', to: governor },
  data: '0xb58131b0' satisfies Hex,
})

function readsOf(
  { market }: Plan,
  { governor, treasury }: Plan['governors'][number],
  view: Pick<Observation, 'block'>,
): Read[] {
  const { address } = governor
  return [...readsOfQuorum(address, view), thresholdOf(address), ...market.reads, ...treasury.reads]
}

function judge(plan: Plan, observation: Observation, memory: Memory) {
  const { block, logs, ticked } = observation
  const { told, unread } = governanceLogsOf(logs, () => 'the token that counts votes')
  const known = newVotesIn(memory)
  const rows = nextNewVotes(known, told, block.timestamp)
  const remember: Record<string, Json> = isDeepStrictEqual(rows, known) ? {} : { [newVotesKey]: newVotesAsJson(rows) }
  if (!ticked) return { blind: unread, memory: remember }
  const blind = [...unread]
  const claims = []
  const cleared = []
  const grown = []
  for (const each of plan.governors) {
    const look = lookAt(plan, each, { rows, observation })
    blind.push(...look.blind)
    if (!('look' in look)) continue
    const judged = conditionOf(plan, each.governor, look, memory)
    if (!judged) continue
    const { condition, kept } = judged
    const followed = followConditions([condition], { memory, relying: [each.governor] })
    claims.push(...followed.claims)
    cleared.push(...followed.cleared)
    grown.push(...followed.grown)
    Object.assign(remember, followed.memory, kept)
  }
  return { claims, cleared, grown, blind, memory: remember }
}

type Looked = { look: Look; blind: string[] } | { blind: string[] }

function lookAt(
  { market, options }: Plan,
  { governor, treasury }: Plan['governors'][number],
  { rows, observation }: { rows: readonly NewVotes[]; observation: Observation },
): Looked {
  const quorum = readQuorum(governor.address, observation)
  if (quorum === null) return { blind: [`The quorum of ${governor.name} could not be read`] }
  const answer = observation.state(thresholdOf(governor.address))
  const threshold = (answer.ok ? numberOf(answer.data) : null) ?? 0n
  const needed = threshold > quorum ? threshold : quorum
  const [best] = rows
  const had = best ? BigInt(best.votes) : 0n
  const missing = had >= needed ? 0n : needed - had
  const priced = market.costOf(missing, observation)
  if ('blind' in priced) return { blind: [priced.blind] }
  const { worth, blind } = treasury.worthIn(observation)
  const whole = (units: bigint) => Number(units) / 10 ** options.decimals
  const look = {
    ...{ needed: whole(needed), had: whole(had), by: best?.delegate ?? null, each: priced.each },
    cost: priced.cost === Number.POSITIVE_INFINITY ? null : priced.cost,
    ...{ worth, at: observation.block.timestamp },
  }
  return { look, blind }
}

function conditionOf(
  { options, market }: Plan,
  { name, address }: Contract,
  { look, blind }: Extract<Looked, { look: Look }>,
  memory: Memory,
): { condition: Condition; kept: Record<string, Json> } | null {
  const key = `cost ${address}`
  const before = rememberedLevel(memory, key)?.level ?? 'fine'
  const { cost, worth, needed, had, by, each } = look
  const percent = percentOf(look)
  const beyond = (limit: number, isBeyond: boolean) => percent > (isBeyond ? limit * slack : limit)
  const level: Level = beyond(options.grave, before === 'grave')
    ? 'grave'
    : beyond(options.percent, before !== 'fine')
      ? 'medium'
      : 'fine'
  // What could not be priced may be what made it grave: by the rest alone it can only become worse.
  if (blind.length > 0 && levels.indexOf(level) <= levels.indexOf(before)) return null
  const lookKey = `look ${address}`
  const last = rememberedLook(memory, lookKey)
  const isKept = last !== undefined && level === before && look.at < last.at + lookSeconds
  return {
    condition: {
      ...{ key, level },
      title: `Enough votes to decide alone in ${name} cost about ${round(cost ?? 0)}, and what they decide over is worth ${round(worth)}`,
      facts: {
        ...{ votesNeeded: round(needed), priceOfOne: round(each), market: market.name },
        ...(by && { newVotes: round(had), newVotesOf: by }),
        cost: cost === null ? 'not for sale' : round(cost),
        treasury: round(worth),
        why: reasonsFor(look, last).join('; '),
      },
      evidence: 'hard',
      measured: { limit: ['grave'], value: percent },
    },
    kept: isKept ? {} : { [lookKey]: look },
  }
}

function percentOf({ cost, worth }: Look): number {
  if (cost === null || worth === 0) return 0
  return Math.min(percentMax, (100 * worth) / cost)
}

const round = (value: number) => Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 8 })

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { endsOf, topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Log } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { contractOption, resolveContract, type Source, sourcesMax } from '../contractOption.ts'
import { type Excursion, excursionsOf } from './priceManipulation/excursions.ts'
import { followMovers, type Push, rememberedMovers } from './priceManipulation/movers.ts'
import { priceBefore, priceIn, priceTopics } from './priceManipulation/pricePoints.ts'

const percent = z.number().min(0.1).max(10_000)
const options = z.strictObject({
  sources: z
    .array(contractOption)
    .min(1)
    .max(sourcesMax)
    .describe(
      'What the contracts under `on` take their prices from, as `$name` or address: Uniswap v2 pairs, v3 pools, feeds that can be refreshed within a transaction.',
    ),
  percent: percent
    .default(5)
    .describe('How far the price must stand from where it was, when a contract is used, to be told at medium.'),
  grave: percent
    .default(20)
    .describe('How far, to have the severity of the monitor: where the price then goes back within the block.'),
  extreme: percent.default(50).describe('How far, to have it even where the price does not go back.'),
})
type Options = z.output<typeof options>

/** Back means that less than a third of the way is left. */
const backThird = 3
const claimsMax = 32

/**
 * Speaks when a price was moved, a contract that relies on it was used, and the price was moved back, within one block,
 * or by one sender within some: whoever does so trades with the contract at a price of their own making.
 */
export const priceManipulation = defineDetector<Options>({
  id: 'price-manipulation',
  title: 'A price moved, used and moved back',
  scenario:
    'With a flash loan a thief buys a pool empty, so that a coin seems to be worth ten times as much, borrows against it in the same transaction, and sells the coin again.',
  signal:
    'The logs of a block are read in their order: `Sync` of Uniswap v2, `Swap` of v3 and `AnswerUpdated` tell the prices of `sources`, each log or transfer of a contract is a use. It pages where a use fell at a price more than `grave` away that then went back by two thirds, or more than `extreme` away; `medium` from `percent`. Over 25 blocks it follows a sender who moves the price, uses the contract and moves it back.',
  response:
    'Pause whatever uses this price: it can be done again in the next block, and is until nothing is left. Then take a price that one transaction cannot move.',
  knownLimits: [
    'A use that leaves neither a log nor a transfer, such as a read-only one, is not seen.',
    'Pools of other kinds than Uniswap v2, v3 and their forks are not read as sources.',
    'Two senders who share the work over several blocks are not joined.',
    'A price that is pushed less than `extreme` and left there is `medium` at most, as a market that moves is.',
    'A large honest trade that an arbitrage brings back, with a use of yours in between, pages from `grave`.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  needs: ['logs', 'state'],

  compile(assignment) {
    const { options, targets } = assignment
    const sources = options.sources.map((text) => resolveContract(text, assignment))
    const byAddress = new Map(sources.map((source) => [source.address, source]))
    const users = new Map(targets.filter(({ address }) => !byAddress.has(address)).map((user) => [user.address, user]))
    const byTopic = new Map([...users.keys()].map((address) => [topicOf(address), address]))
    const addresses = [...users.keys()]

    /** Its own events, and tokens that it gives or gets. */
    const userOf = (log: Log): Address | undefined => {
      if (users.has(log.address)) return log.address
      const ends = endsOf(log)
      return ends ? (byTopic.get(ends.from) ?? byTopic.get(ends.to)) : undefined
    }
    return {
      interests:
        addresses.length === 0
          ? []
          : [
              { kind: 'log', addresses: [...byAddress.keys()], topics: priceTopics },
              { kind: 'log', addresses },
              { kind: 'log', accounts: addresses, topics: transferTopics },
            ],
      reads: ({ logs }) =>
        [...sourcesMoved(logs, byAddress).values()].flatMap((log): Read[] => {
          const before = priceBefore(log)
          return before ? [before.read] : []
        }),

      detect(observation, memory) {
        const { logs, block } = observation
        const claims: Claim[] = []
        const remember: Record<string, Json> = {}
        const moved = sourcesMoved(logs, byAddress)
        const isUsed = logs.some(userOf)
        const senderOf = (log: Log) => block.transactions[log.transactionIndex]?.from
        for (const source of sources) {
          const { address } = source
          const first = moved.get(address)
          const recent = rememberedMovers(memory, address) ?? null
          if (!first && !(isUsed && recent)) continue
          const before = first ? readBefore(observation, first) : null
          const own = excursionsIn(isUsed && first ? logs : [], { source, before, userOf, options })
          const followed = followMovers(recent, logs, {
            ...{ source: address, before, userOf, senderOf },
            block: block.number,
            distances: distancesOf(options),
          })
          const nameOf = (user: Address) => users.get(user)?.name ?? user
          claims.push(...own.map((each) => claimExcursion(each, { source, name: nameOf(each.user), options })))
          // What one block shows by itself need not be told twice.
          const pushes = followed.pushes.filter(({ user }) => !own.some((each) => each.user === user))
          claims.push(...pushes.map((push) => claimPush(push, { source, name: nameOf(push.user) })))
          if (!isDeepStrictEqual(followed.recent, recent)) remember[address] = followed.recent
        }
        const blind =
          claims.length > claimsMax ? [`${claims.length - claimsMax} more prices were moved in one block.`] : []
        return { claims: claims.slice(0, claimsMax), blind, memory: remember }
      },
    }
  },
})

/** The sources whose price is told in a block, each with the first log that tells it. */
function sourcesMoved(logs: readonly Log[], sources: ReadonlyMap<Address, Source>): Map<Address, Log> {
  const moved = new Map<Address, Log>()
  for (const log of logs) {
    if (!moved.has(log.address) && sources.has(log.address) && priceIn(log) !== null) moved.set(log.address, log)
  }
  return moved
}

/** Null where it is not known, as of an aggregator that answers only to its proxy: then the first price told counts. */
function readBefore({ state }: Observation, log: Log): number | null {
  const before = priceBefore(log)
  const result = before && state(before.read)
  return before && result?.ok ? before.found(result.data) : null
}

const distancesOf = (options: Options) => ({
  medium: Math.log1p(options.percent / 100),
  grave: Math.log1p(options.grave / 100),
  extreme: Math.log1p(options.extreme / 100),
  backThird,
})

/** Undefined: nothing to be told. */
function levelOf({ away, rest, within }: Excursion, options: Options): 'medium' | 'grave' | undefined {
  const { medium, grave, extreme } = distancesOf(options)
  const isBack = backThird * rest < away
  if (away > extreme || (isBack && away > grave)) return 'grave'
  // A price that others move and that stays there is the market.
  return away > medium && (isBack || within === 'transaction') ? 'medium' : undefined
}

/** The gravest use of each contract within one block. */
function excursionsIn(
  logs: readonly Log[],
  {
    source,
    before,
    userOf,
    options,
  }: { source: Source; before: number | null; userOf(log: Log): Address | undefined; options: Options },
): Excursion[] {
  const rank = (each: Excursion | undefined) => ['medium', 'grave'].indexOf((each && levelOf(each, options)) ?? '')
  const worst = new Map<Address, Excursion>()
  for (const each of excursionsOf(logs, { source: source.address, before, userOf })) {
    const known = worst.get(each.user)
    const isWorse = rank(each) > rank(known) || (rank(each) === rank(known) && each.away > (known?.away ?? 0))
    if (rank(each) >= 0 && isWorse) worst.set(each.user, each)
  }
  return [...worst.values()]
}

const shown = (distance: number) => `${Number((100 * Math.expm1(distance)).toPrecision(3)).toLocaleString('en')} %`

function claimExcursion(
  excursion: Excursion,
  { source, name, options }: { source: Source; name: string; options: Options },
): Claim {
  const { user, transactionHash, logIndex, away, rest, within } = excursion
  const isBack = backThird * rest < away
  return {
    key: `price of ${source.address} used by ${user}`,
    transactionHash,
    logIndex,
    address: user,
    title: `${name} was used while the price in ${source.name} stood ${shown(away)} from where it was before the ${within}${isBack ? '; then it went back' : ''}`,
    facts: { source: source.address, moved: shown(away), leftAtTheEnd: shown(rest), within, wentBack: isBack },
    evidence: isBack ? 'hard' : 'soft',
    ...(levelOf(excursion, options) === 'medium' && { severity: 'medium' as const }),
  }
}

/** What one sender did over several blocks. */
function claimPush(
  { log, from, user, away, rest, isBack }: Push,
  { source, name }: { source: Source; name: string },
): Claim {
  const then = isBack ? ' and then moved it back' : ''
  return {
    key: `price of ${source.address} used by ${user} ${isBack ? 'and moved back' : 'far away'}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: user,
    title: `One sender moved the price in ${source.name} by ${shown(away)}, used ${name}${then}`,
    facts: { source: source.address, sender: from, moved: shown(away), leftAtTheEnd: shown(rest), wentBack: isBack },
    evidence: isBack ? 'hard' : 'soft',
  }
}

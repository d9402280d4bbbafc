import type { Address } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { placeOf } from '../facts/placeOf.ts'
import { heartbeatOf } from './heartbeatOf.ts'
import { isCalled } from './isCalled.ts'
import type { Proposal } from './proposal.ts'
import { proposeDepths, proposePegs, type Source } from './proposePools.ts'

/** Monitors of what the watched contracts take their prices from. */
export function proposeOracles(contracts: readonly NamedFacts[], { now }: { now: number }): Proposal[] {
  const byAddress = new Map(contracts.map((contract) => [contract.facts.address, contract]))
  const sources = contracts
    .filter(({ facts: { feed, pair, pool } }) => feed || pair || pool)
    .map((source): Source => ({ source, users: usersOf(source, byAddress) }))
  const behind = new Set(contracts.map(({ facts }) => facts.feed?.aggregator))
  const feeds = sources
    // The aggregator behind a feed is judged with it.
    .filter(({ source: { facts } }) => facts.feed && !behind.has(facts.address) && !isUptime(facts))
    .map(({ source, users }): Source => ({ source, users: users.length > 0 ? users : [source] }))
    .filter(({ users }) => users.some(({ role }) => role === 'protected'))
  return [
    ...feeds.map((each) => stale(each, now)),
    ...perUsers(feeds, 'bounds', feedMonitor('oracle-bounds', 'critical', boundsWhy)),
    ...perUsers(feeds, 'jump', feedMonitor('oracle-jump', 'high', jumpWhy)),
    ...perUsers(feeds, 'source', (own) => replaced(own, contracts)),
    ...perUsers(sources.filter(isMovable), 'manipulated', manipulated),
    ...sources.filter(({ source }) => isUptime(source.facts)).flatMap(uptime),
    ...proposePegs(feeds),
    ...proposeDepths(sources, contracts),
    ...deviations([...feeds, ...sources.filter(({ source }) => source.facts.pair)], contracts),
  ]
}

/** A feed of no price: whether the sequencer of a rollup runs. */
const isUptime = ({ feed }: NamedFacts['facts']) => /sequencer\s+uptime/i.test(feed?.description ?? '')

function uptime({ source, users }: Source): Proposal[] {
  if (users.length === 0) return []
  return [
    {
      name: `${source.name}-status`,
      use: 'sequencer-uptime',
      on: namesOf(users),
      options: { feed: `$${source.name}` },
      why: [
        'When the sequencer comes back, prices are old, and whoever reaches it first liquidates or borrows at them.',
      ],
    },
  ]
}

/** Steps from a source to whoever is watched: the feed of an oracle of a market. */
const stepsMax = 3

/** The watched contracts that lead to a source. Power over it is no use of it, and tokens are traded for no price. */
function usersOf(source: NamedFacts, byAddress: ReadonlyMap<Address, NamedFacts>): NamedFacts[] {
  const users = new Map<string, NamedFacts>()
  if (source.role === 'protected' && source.facts.feed) users.set(source.name, source)
  let edge = [source]
  const seen = new Set(edge)
  for (let step = 0; step < stepsMax && edge.length > 0; step++) {
    const holders = edge
      .flatMap(({ pointers }) => pointers.flatMap(({ from, kind }) => (kind === 'power' ? [] : [byAddress.get(from)])))
      .filter((holder) => holder !== undefined && !seen.has(holder) && relies(holder)) as NamedFacts[]
    for (const holder of holders) {
      seen.add(holder)
      if (holder.role === 'protected') users.set(holder.name, holder)
    }
    edge = holders
  }
  return [...users.values()]
}

const relies = ({ facts: { token, vault, pair, pool, governor, timelock } }: NamedFacts) =>
  Boolean(vault) || !(token || pair || pool || governor || timelock)

const isMovable = ({ source: { facts }, users }: Source) =>
  users.some((user) => user.facts.address !== facts.address) &&
  !isUptime(facts) &&
  Boolean(facts.pair || facts.pool || facts.feed?.announces)

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)
const dollars = (sources: readonly Source[]) => sources.map(({ source }) => `$${source.name}`)

/** One monitor for all sources on which the same contracts rely. */
function perUsers(
  sources: readonly Source[],
  suffix: string,
  propose: (own: readonly Source[]) => Omit<Proposal, 'name'>,
): Proposal[] {
  const groups = [...Map.groupBy(sources, ({ users }) => namesOf(users).join(' ')).values()]
  return groups.map((own, index) => ({
    name: `${index === 0 ? 'prices' : `prices${index + 1}`}-${suffix}`,
    ...propose(own),
  }))
}

function stale({ source, users }: Source, now: number): Proposal {
  const { intervals } = source.facts.feed!
  const heartbeat = heartbeatOf(source.facts.feed!, now)
  const seen =
    intervals.length > 0
      ? `Its last ${intervals.length + 1} rounds came at most ${Math.max(...intervals)} s apart.`
      : 'How often it speaks could not be seen.'
  return {
    name: `${source.name}-stale`,
    use: 'oracle-stale',
    on: namesOf(users),
    options: { feeds: [`$${source.name}`], heartbeat },
    why: [`A price that stands still is borrowed against. ${seen} Set the heartbeat to what the feed promises.`],
  }
}

const boundsWhy = 'A feed that gives zero, or is cut off at its least or largest answer, lets everything be borrowed.'
const jumpWhy = 'A price that leaps from one answer to the next is a stolen key, a broken source or a crash.'

const feedMonitor =
  (use: string, severity: NonNullable<Proposal['severity']>, why: string) =>
  (own: readonly Source[]): Omit<Proposal, 'name'> => ({
    use,
    on: namesOf(own[0]!.users),
    severity,
    options: { feeds: dollars(own) },
    why: [why],
  })

/** Whoever can point a contract at another source can make any price. */
function replaced(own: readonly Source[], contracts: readonly NamedFacts[]): Omit<Proposal, 'name'> {
  const pointers = own.flatMap(({ source }) =>
    source.pointers.flatMap(({ from, where, kind }) => {
      const holder = contracts.find(({ facts }) => facts.address === from)
      const place = kind === 'power' || holder?.facts.feed ? null : placeOf(where)
      return holder && place && relies(holder) ? [{ in: `$${holder.name}`, ...place }] : []
    }),
  )
  return {
    use: 'oracle-config',
    on: namesOf(own[0]!.users),
    options: { feeds: dollars(own), ...(pointers.length > 0 ? { pointers } : {}) },
    why: ['Whoever points a contract at another source, or a feed at another aggregator, makes any price.'],
  }
}

function manipulated(own: readonly Source[]): Omit<Proposal, 'name'> {
  return {
    use: 'price-manipulation',
    on: namesOf(own[0]!.users),
    severity: 'critical',
    options: { sources: dollars(own) },
    why: ['One transaction can move this price, use it and move it back.'],
  }
}

/** A feed and a pair of the same coin, told by what they call themselves: strangers' words, so the reader should look. */
function deviations(sources: readonly Source[], contracts: readonly NamedFacts[]): Proposal[] {
  const tokenAt = (address: Address) => contracts.find(({ facts }) => facts.address === address)?.facts.token
  return sources.flatMap(({ source: feed, users }) => {
    const [, base = '', quote = ''] = /^\s*(\w+)\s*\/\s*(\w+)\s*$/.exec(feed.facts.feed?.description ?? '') ?? []
    if (!base || users.length === 0) return []
    return sources.flatMap(({ source: pair }): Proposal[] => {
      if (!pair.facts.pair) return []
      const [token0, token1] = [tokenAt(pair.facts.pair.token0), tokenAt(pair.facts.pair.token1)]
      if (token0?.decimals == null || token1?.decimals == null) return []
      const isStraight = isCalled(token0.symbol, base) && isCalled(token1.symbol, quote)
      const isTurned = isCalled(token1.symbol, base) && isCalled(token0.symbol, quote)
      if (isStraight === isTurned) return []
      const inverse = isTurned ? { inverse: true } : {}
      const decimals = [token0.decimals, token1.decimals]
      return [
        {
          name: `${feed.name}-${pair.name}`,
          use: 'oracle-deviation',
          on: namesOf(users),
          options: {
            sources: [
              { feed: `$${feed.name}`, decimals: feed.facts.feed!.decimals },
              { pair: `$${pair.name}`, decimals, ...inverse },
            ],
            percent: 5,
            grave: 25,
          },
          why: [`${feed.name} and ${pair.name} seem to price the same coin: where they disagree one of them is wrong.`],
        },
      ]
    })
  })
}

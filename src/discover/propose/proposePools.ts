import type { Address } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** A feed, pair or pool, and who relies on it: the contracts that are watched, or itself if nobody does. */
export type Source = { source: NamedFacts; users: readonly NamedFacts[] }

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

/** That the pools that prices come from keep their depth. */
export function proposeDepths(sources: readonly Source[], contracts: readonly NamedFacts[]): Proposal[] {
  const nameAt = (address: Address) => contracts.find(({ facts }) => facts.address === address)?.name
  return sources.flatMap(({ source, users }): Proposal[] => {
    const { pair, pool, address } = source.facts
    const tokens = [pair?.token0 ?? pool?.token0, pair?.token1 ?? pool?.token1].map((each) => each && nameAt(each))
    const relying = users.filter(({ facts }) => facts.address !== address)
    if (relying.length === 0 || tokens.includes(undefined)) return []
    return [
      {
        name: `${source.name}-depth`,
        use: 'pool-depth',
        on: namesOf(relying),
        // What a pool of ranges holds of each coin goes up and down with the price.
        ...(pool ? { severity: 'medium' as const } : {}),
        options: { pools: [{ pool: `$${source.name}`, tokens: tokens.map((name) => `$${name}`) }] },
        why: [`Where the liquidity of ${source.name} leaves, little money moves the price that is taken from it.`],
      },
    ]
  })
}

/** Off by more than this now, it is pegged to something else. In percent. */
const offMax = 2

/** That a coin that a feed prices in what it stands for keeps its peg. Names are strangers' words; the price says more. */
export function proposePegs(feeds: readonly Source[]): Proposal[] {
  return feeds.flatMap(({ source, users }): Proposal[] => {
    const { feed } = source.facts
    const [, base = '', quote = ''] = /^\s*(\w+)\s*\/\s*(\w+)\s*$/.exec(feed?.description ?? '') ?? []
    if (!feed || !standsFor(base.toLowerCase(), quote.toLowerCase())) return []
    const off = 100 * Math.abs(Number(feed.answer) / 10 ** feed.decimals - 1)
    if (off > offMax || users.length === 0) return []
    return [
      {
        name: `${source.name}-peg`,
        use: 'depeg',
        on: namesOf(users),
        options: { prices: [{ feed: `$${source.name}`, decimals: feed.decimals }] },
        why: [
          `${source.name} prices a coin in what it stands for: where it is worth less, it is not what it is taken for.`,
        ],
      },
    ]
  })
}

const standsFor = (base: string, quote: string) =>
  quote !== '' && base !== quote && (base.includes(quote) || (quote === 'usd' && ['dai', 'gho', 'frax'].includes(base)))

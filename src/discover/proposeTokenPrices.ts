import { nativeSymbol } from '../evm/nativeSymbol.ts'
import type { Address } from '../model/chain.ts'
import { heartbeatOf } from './heartbeatOf.ts'
import { isCalled } from './isCalled.ts'
import type { NamedFacts } from './nameContracts.ts'

/** As the config writes it under `prices`. */
type PriceEntry = Record<string, unknown>
/** By the name of the token; `native` is the coin of the chain. */
export type TokenPrices = { tokens: ReadonlyMap<string, readonly PriceEntry[]>; native: readonly PriceEntry[] }

const sourcesMax = 8
/** A feed that stands still for a week tells no price of today. In seconds. */
const oldMax = 7 * 86_400

/**
 * How tokens are priced in dollars by what the contracts rely on: by feeds that bear their name, then by means over time
 * of the pools in which they are traded for a token with a feed. Names are strangers' words, so the reader should look.
 */
export function proposeTokenPrices(
  contracts: readonly NamedFacts[],
  { now, chainId }: { now: number; chainId: number },
): TokenPrices {
  const feeds = contracts.filter((each) => isDollarFeed(each, contracts, now))
  const fed = (symbol: string | null): PriceEntry[] =>
    feeds.filter(({ facts }) => isNamed(symbol, dollarBase(facts.feed!.description))).map((each) => entryOf(each, now))
  const tokens = contracts.filter(({ facts: { token } }) => token?.standard === 'erc20' && token.decimals !== null)
  const byFeed = new Map(tokens.map((each) => [each.facts.address, fed(each.facts.token!.symbol)]))
  const priced = tokens.map((each): [string, PriceEntry[]] => {
    const known = byFeed.get(each.facts.address) ?? []
    return [each.name, [...known, ...pooled(each, contracts, byFeed)].slice(0, sourcesMax)]
  })
  return {
    tokens: new Map(priced.filter(([, list]) => list.length > 0)),
    native: fed(nativeSymbol(chainId)).slice(0, sourcesMax),
  }
}

/** `ETH` of `ETH / USD`; empty where it prices nothing in dollars. */
const dollarBase = (description: string | null): string =>
  /^\s*(\w+)\s*\/\s*USD\s*$/i.exec(description ?? '')?.[1] ?? ''

/** A feed of dollars would price whatever calls itself one. */
const isNamed = (symbol: string | null, base: string): boolean =>
  base !== '' && base.toLowerCase() !== 'usd' && isCalled(symbol, base)

function isDollarFeed({ facts }: NamedFacts, contracts: readonly NamedFacts[], now: number): boolean {
  const { feed, address } = facts
  if (!feed || feed.answer <= 0n || dollarBase(feed.description) === '') return false
  // What is taken from a pool at the moment is what a thief makes of it.
  const restsOnPool = contracts.some(
    ({ facts: { pair, pool }, pointers }) => (pair || pool) && pointers.some(({ from }) => from === address),
  )
  const isBehind = contracts.some((each) => each.facts.feed?.aggregator === address)
  return !restsOnPool && !isBehind && feed.updatedAt > 0 && heartbeatOf(feed, now) <= oldMax
}

const entryOf = ({ name, facts }: NamedFacts, now: number): PriceEntry => ({
  feed: `$${name}`,
  decimals: facts.feed!.decimals,
  heartbeat: heartbeatOf(facts.feed!, now),
})

/** Only pools that know older prices, and only against what a feed prices: else the one would make the price of the other. */
function pooled(
  { facts: { address } }: NamedFacts,
  contracts: readonly NamedFacts[],
  byFeed: ReadonlyMap<Address, readonly PriceEntry[]>,
): PriceEntry[] {
  const at = (token: Address) => contracts.find(({ facts }) => facts.address === token)
  return contracts.flatMap(({ name, facts: { pool } }): PriceEntry[] => {
    if (!pool || (pool.token0 !== address && pool.token1 !== address)) return []
    const other = at(pool.token0 === address ? pool.token1 : pool.token0)
    const decimals = [pool.token0, pool.token1].map((token) => at(token)?.facts.token?.decimals)
    if (!other || decimals.some((each) => each == null) || !byFeed.get(other.facts.address)?.length) return []
    const turned = pool.token1 === address ? { inverse: true } : {}
    return [{ pool: `$${name}`, decimals, ...turned, times: `$${other.name}` }]
  })
}

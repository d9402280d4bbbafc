import { nativeSymbol } from '../../evm/nativeSymbol.ts'
import type { Address } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { OraclePrice, OraclePrices } from '../find/findOraclePrices.ts'
import { heartbeatOf } from './heartbeatOf.ts'
import { isCalled } from './isCalled.ts'

/** As the config writes it under `prices`. */
type PriceEntry = Record<string, unknown>
/** By the name of the token; `native` is the coin of the chain. */
export type TokenPrices = { tokens: ReadonlyMap<string, readonly PriceEntry[]>; native: readonly PriceEntry[] }

const sourcesMax = 8
/** An oracle that says more or less than so many times what a feed says is not meant as dollars, or broken. */
const apartMax = 2
/** A feed that stands still for a week tells no price of today. In seconds. */
const oldMax = 7 * 86_400

/**
 * How tokens are priced in dollars by what the contracts rely on: by the oracle that the protocol itself lends by, then by
 * feeds that bear their name, then by means over time of the pools in which they are traded for a token with a feed. Names
 * are strangers' words, so the reader should look.
 * @param oracles What the oracles of protocols answered for the tokens.
 */
export function proposeTokenPrices(
  contracts: readonly NamedFacts[],
  { now, chainId, oracles = new Map() }: { now: number; chainId: number; oracles?: OraclePrices },
): TokenPrices {
  const feeds = contracts.filter((each) => isDollarFeed(each, contracts, now))
  const fed = (symbol: string | null): PriceEntry[] =>
    feeds.filter(({ facts }) => isNamed(symbol, dollarBase(facts.feed!.description))).map((each) => entryOf(each, now))
  const tokens = contracts.filter(({ facts: { token } }) => token?.standard === 'erc20' && token.decimals !== null)
  const byFeed = new Map(tokens.map((each) => [each.facts.address, fed(each.facts.token!.symbol)]))
  const dollars = (symbol: string | null) =>
    feeds
      .filter(({ facts }) => isNamed(symbol, dollarBase(facts.feed!.description)))
      .map(({ facts }) => Number(facts.feed!.answer) / 10 ** facts.feed!.decimals)
  const asked = (each: NamedFacts): PriceEntry[] =>
    (oracles.get(each.facts.address) ?? []).flatMap((price) => byOracle(each, price, { tokens, byFeed, dollars }))
  const priced = tokens.map((each): [string, PriceEntry[]] => {
    const known = byFeed.get(each.facts.address) ?? []
    return [each.name, [...asked(each), ...known, ...pooled(each, contracts, byFeed)].slice(0, sourcesMax)]
  })
  const coin = nativeSymbol(chainId)
  const wrapped = tokens.filter(({ facts }) => facts.token!.symbol?.toLowerCase() === `w${coin.toLowerCase()}`)
  return {
    tokens: new Map(priced.filter(([, list]) => list.length > 0)),
    native: [...wrapped.flatMap(asked), ...fed(coin)].slice(0, sourcesMax),
  }
}

type Known = {
  tokens: readonly NamedFacts[]
  byFeed: ReadonlyMap<Address, readonly PriceEntry[]>
  /** What feeds that bear this name say. */
  dollars(symbol: string | null): readonly number[]
}

/** Nothing where a feed says something quite different, or where it is in a token that no feed prices. */
function byOracle(
  { facts }: NamedFacts,
  { oracle, call, decimals, price, unit }: OraclePrice,
  { tokens, byFeed, dollars }: Known,
): PriceEntry[] {
  const other = unit === null ? null : tokens.find((each) => each.facts.address === unit)
  const [factor] = other ? dollars(other.facts.token!.symbol) : [1]
  if (other === undefined || factor === undefined || (other && !byFeed.get(other.facts.address)?.length)) return []
  const said = dollars(facts.token!.symbol)
  const isFar = said.some((each) => price * factor > apartMax * each || price * factor * apartMax < each)
  return isFar ? [] : [{ in: `$${oracle}`, call, decimals, ...(other && { times: `$${other.name}` }) }]
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

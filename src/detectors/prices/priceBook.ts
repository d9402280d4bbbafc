import type { Address } from '../../model/chain.ts'
import type { Assignment } from '../../model/detector.ts'
import type { Observation } from '../../model/observation.ts'
import type { Pricing } from '../../model/pricing.ts'
import type { Read } from '../../model/read.ts'
import { decimalsIn, decimalsOf, nativeDecimals } from '../tokens/tokenBook.ts'

type Token = Address | 'native'
/** Dollars, and by what they were counted; or why nobody can tell. */
export type Worth = { dollars: number; by: string } | { unpriced: string }
type Price = { price: number; by: string } | { unpriced: string }

/** In full, more would be noise: the first of the sources that answers counts. */
const sourcesMax = 8

/** What tokens are worth by the prices before the block, which nothing in the block itself can have moved. */
export function priceBook({ names, targets, chain }: Pick<Assignment<unknown>, 'names' | 'targets' | 'chain'>) {
  const sources = new Map<Token, readonly Pricing[]>()
  for (const { address, prices } of [...names.values(), ...targets]) {
    if (prices && prices.length > 0) sources.set(address, prices.slice(0, sourcesMax))
  }
  if (chain.prices && chain.prices.length > 0) sources.set('native', chain.prices.slice(0, sourcesMax))

  const own = (token: Token): readonly Pricing[] => sources.get(token) ?? []
  /** Of a price in another token, that one's prices in dollars: one step, so that it ends. */
  const behind = ({ times }: Pricing) => (times ? own(times).filter((each) => each.times === undefined) : [])

  function priceOf(list: readonly Pricing[], observation: Look): Price {
    const reasons: string[] = []
    for (const pricing of list) {
      const first = answerOf(pricing, observation)
      const other = pricing.times && 'price' in first ? priceOf(behind(pricing), observation) : null
      if ('none' in first) reasons.push(`${pricing.name}: ${first.none}`)
      else if (other && 'unpriced' in other) reasons.push(other.unpriced)
      else
        return { price: first.price * (other?.price ?? 1), by: other ? `${pricing.name}, ${other.by}` : pricing.name }
    }
    return { unpriced: reasons.join('; ') || 'the config names no price for it' }
  }

  return {
    /** Whether the config names any price. */
    isEmpty: sources.size === 0,
    isPriced: (token: Token): boolean => sources.has(token),

    /** What must be read to price this token: nothing where the config names no price for it. */
    reads(token: Token): Read[] {
      const asked = own(token).flatMap((pricing) => [pricing, ...behind(pricing)])
      if (asked.length === 0) return []
      const decimals = token === 'native' ? [] : [decimalsBefore(token)]
      return [...decimals, ...asked.flatMap(({ read }) => (read ? [read] : []))]
    },

    /** Asked for by `reads`. */
    worth(token: Token, amount: bigint, observation: Look): Worth {
      const found = priceOf(own(token), observation)
      if ('unpriced' in found) return found
      const decimals = token === 'native' ? nativeDecimals : decimalsIn(observation.state(decimalsBefore(token)))
      if (decimals === null) return { unpriced: 'the token does not tell its decimals' }
      return { dollars: inCents((Number(amount) / 10 ** decimals) * found.price), by: found.by }
    },
  }
}
export type PriceBook = ReturnType<typeof priceBook>

type Look = Pick<Observation, 'state' | 'block'>

/** A token that is changed in the block itself must not be counted by what it says then. */
const decimalsBefore = (token: Address): Read => ({ ...decimalsOf(token), at: 'parent' })

const inCents = (dollars: number) => Math.round(dollars * 100) / 100

function answerOf({ read, priceIn }: Pricing, { state, block }: Look): { price: number } | { none: string } {
  if (read === null) return priceIn('0x', block.timestamp)
  const result = state(read)
  return result.ok ? priceIn(result.data, block.timestamp) : { none: result.reason }
}

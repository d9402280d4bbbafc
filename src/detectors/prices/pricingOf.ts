import { durationWords } from '../../lib/durationWords.ts'
import type { Hex } from '../../model/chain.ts'
import type { Assignment } from '../../model/detector.ts'
import type { Pricing } from '../../model/pricing.ts'
import { resolveToken } from '../tokens/tokenOption.ts'
import { roundOf } from './feedRound.ts'
import { readerOf } from './priceSource.ts'
import type { TokenPrice } from './tokenPrice.ts'

/** In tenths of the heartbeat: a keeper may be a little late. */
const lateTenths = 11
/** What is dearer or cheaper is a broken source. */
const sane = { least: 1e-24, most: 1e24 }

/**
 * A source of prices as the config writes it, ready to be read.
 * @throws {KnownError} The config has no contract of this name on this chain.
 */
export function pricingOf(source: TokenPrice, place: Pick<Assignment<unknown>, 'names' | 'chain'>): Pricing {
  if ('usd' in source) return { name: 'the config', read: null, priceIn: () => ({ price: source.usd }) }
  const { times, ...rest } = source
  const reader = readerOf(rest, place)
  const token = resolveToken(times, place)
  return {
    name: reader.name,
    read: { ...reader.read, at: 'parent' },
    ...(token && { times: token }),
    priceIn(data, now) {
      const stale = 'feed' in source ? staleness(data, now, source.heartbeat) : null
      if (stale) return { none: stale }
      const log = reader.priceIn(data)
      const price = log === null ? 0 : Math.exp(log)
      return price > sane.least && price < sane.most ? { price } : { none: 'its answer is no price' }
    },
  }
}

/** Why a round of a feed tells no price of today; null: it does. */
function staleness(data: Hex, now: number, heartbeat: number): string | null {
  const round = roundOf(data)
  if (!round) return 'its answer is no round of a feed'
  const { updatedAt, roundId, answeredInRound } = round
  if (updatedAt === 0) return 'it does not tell how old its price is'
  const age = Math.max(0, now - updatedAt)
  if (10 * age > lateTenths * heartbeat) return `its price is ${durationWords(age)} old`
  // 0 stands where a feed does not fill this in.
  return answeredInRound !== 0n && answeredInRound < roundId ? 'its last round was not answered' : null
}

import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { resolveContract } from '../../contractOption.ts'
import { type PriceReader, priceOf, readerOf } from '../../prices/priceSource.ts'
import { readAmount, tokenBalance } from '../../tokens/balances.ts'
import type { Market } from './options.ts'

type Given = { market: Market; votes: Address; decimals: number }
type Answer = Pick<Observation, 'state'>

/** What can be bought, and for how much, in the unit of all prices. */
export type VotesMarket = {
  name: string
  reads: readonly Read[]
  /**
   * The cost of so many base units of votes: infinite where there are not so many for sale. `each`: of one whole vote now.
   * `blind`: why it could not be said.
   */
  costOf(units: bigint, answer: Answer): { cost: number; each: number } | { blind: string }
}

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function votesMarketOf(given: Given, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): VotesMarket {
  const { market, decimals } = given
  if (!('price' in market)) return poolMarket(given, market, assignment)
  const reader = readerOf(market.price, assignment)
  return {
    name: reader.name,
    reads: [reader.read],
    costOf(units, { state }) {
      const price = priceOf(reader, state(reader.read))
      if (price === null) return { blind: `The price of votes in ${reader.name} could not be read` }
      const each = Math.exp(price)
      return { cost: (Number(units) / 10 ** decimals) * each, each }
    },
  }
}

const question = (to: Address, data: Hex): Read => ({ kind: 'call', at: 'block', to, data })
const word = (data: Hex, place: number): bigint | null =>
  data.length >= 2 + 64 * (place + 1) ? BigInt(`0x${data.slice(2 + 64 * place, 66 + 64 * place)}`) : null

type Depth = { votes: number; other: number; held: bigint }

function poolMarket(
  { votes, decimals }: Given,
  market: Exclude<Market, { price: unknown }>,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): VotesMarket {
  const isPair = 'pair' in market
  const { name, address } = resolveContract('pair' in market ? market.pair : market.pool, assignment)
  const unit: PriceReader | null = market.unit ? readerOf(market.unit, assignment) : null
  const [first, second] = [question(address, '0x0dfe1681'), question(address, '0xd21220a7')]
  const reserves = isPair
    ? [question(address, '0x0902f1ac')]
    : [question(address, '0x3850c7bd'), question(address, '0x1a686502')]
  const held = tokenBalance(votes, address, 'block')

  /** What of both tokens is in the pool as its price and its liquidity have it, in base units. */
  function depthIn(answer: Answer): Depth | null {
    const sides = [first, second].map((read) => tokenAt(answer, read))
    const place = sides.indexOf(votes)
    const amounts = isPair ? reservesIn(answer, reserves[0]!) : virtualIn(answer, reserves)
    const balance = readAmount(answer, held).amount
    if (place < 0 || !amounts || balance === null) return null
    return { votes: amounts[place]!, other: amounts[1 - place]!, held: balance }
  }

  return {
    name,
    reads: [first, second, ...reserves, held, ...(unit ? [unit.read] : [])],
    costOf(units, answer) {
      const depth = depthIn(answer)
      if (!depth || depth.votes === 0) return { blind: `What the votes cost in ${name} could not be read` }
      const price = unit ? priceOf(unit, answer.state(unit.read)) : 0
      if (price === null) return { blind: `The price in ${unit!.name} could not be read` }
      const place = tokenAt(answer, first) === votes ? 1 : 0
      const worth = Math.exp(price) / 10 ** market.decimals[place]!
      const each = (depth.other / depth.votes) * 10 ** decimals * worth
      const wanted = Number(units)
      // The product is kept: the last of the votes cannot be bought for any money. Fees come on top.
      const isThere = units <= depth.held && wanted < depth.votes
      return {
        cost: isThere ? ((depth.other * wanted) / (depth.votes - wanted)) * worth : Number.POSITIVE_INFINITY,
        each,
      }
    },
  }
}

function tokenAt({ state }: Answer, read: Read): Address | null {
  const answer = state(read)
  return answer.ok && answer.data.length === 66 ? (`0x${answer.data.slice(26)}` as Address) : null
}

function reservesIn({ state }: Answer, read: Read): [number, number] | null {
  const answer = state(read)
  const both = answer.ok ? [word(answer.data, 0), word(answer.data, 1)] : []
  return both[0] != null && both[1] != null ? [Number(both[0]), Number(both[1])] : null
}

/** Of a pool of ranges: what a pool without ranges of this price and liquidity would hold. */
function virtualIn({ state }: Answer, [slot, liquidity]: readonly Read[]): [number, number] | null {
  const [now, deep] = [state(slot!), state(liquidity!)]
  const root = now.ok ? word(now.data, 0) : null
  const depth = deep.ok ? word(deep.data, 0) : null
  if (!root || depth === null) return null
  const price = Number(root) / 2 ** 96
  return [Number(depth) / price, Number(depth) * price]
}

import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { PriceBook } from '../../prices/priceBook.ts'
import { showDollars } from '../../prices/showDollars.ts'
import type { Act } from './actOf.ts'
import type { Earning } from './earnings.ts'
import type { Gain } from './gainOf.ts'

/**
 * Whoever calls a contract of the config himself does what it is for, and whoever gives back shares of one is paid for
 * them. What a contract of their own does in between is what is looked at.
 */
export function isOrdinary(
  { outcome: { transaction }, gain }: Act,
  { known, book }: { known: ReadonlySet<Address>; book: PriceBook },
): boolean {
  if (transaction.to !== null && known.has(transaction.to)) return true
  return [...gain.amounts].some(
    ([token, amount]) => amount < 0n && token !== 'native' && known.has(token) && !book.isPriced(token),
  )
}

/** The first contract of ours that a transaction calls, or that speaks or is spoken of in it. */
export function usedOf(
  { outcome: { receipt, calls = [] }, movements }: Act,
  ours: ReadonlySet<Address>,
): Address | null {
  const called = calls.find(({ to, reverted }) => to !== null && !reverted && ours.has(to))
  if (called?.to) return called.to
  const spoke = receipt?.logs.find(({ address }) => ours.has(address))
  if (spoke) return spoke.address
  const moved = movements.flatMap(({ from, to }) => [from, to]).find((account) => ours.has(account))
  return moved ?? null
}

/** `gave`: assets that were given for it and have no price. `unpriced`: why one that should have a price has none. */
export type Counted = {
  dollars: number
  assets: { token: string; amount: string; usd: number }[]
  gave: string[]
  unpriced: string[]
}

export function dollarsOf({ amounts, gaveItems }: Gain, book: PriceBook, observation: Observation): Counted {
  const counted: Counted = { dollars: 0, assets: [], gave: gaveItems ? ['items of a collection'] : [], unpriced: [] }
  for (const [token, amount] of amounts) {
    const worth = book.isPriced(token) ? book.worth(token, amount, observation) : { unpriced: null }
    if ('dollars' in worth) {
      counted.dollars += worth.dollars
      counted.assets.push({ token, amount: String(amount), usd: worth.dollars })
      continue
    }
    if (worth.unpriced !== null) counted.unpriced.push(worth.unpriced)
    if (amount < 0n) counted.gave.push(token)
  }
  return counted
}

const shownMax = 8

export function claimProfit(
  { outcome: { transaction }, cluster }: Act,
  {
    used,
    sum,
    counted,
    nameOf,
    show,
  }: {
    used: Address
    sum: Earning
    counted: Counted
    nameOf(address: Address): string
    show(address: Address): string
  },
): Claim {
  const span =
    sum.told > 0 || sum.dollars !== counted.dollars ? 'within a few blocks by transactions' : 'in one transaction'
  const others = cluster.size > 1 ? ` and ${cluster.size - 1} more` : ''
  return {
    key: `profit ${used}`,
    transactionHash: transaction.hash,
    address: used,
    title: `${show(transaction.from)}${others} earned ${showDollars(sum.dollars)} ${span} that used ${nameOf(used)}`,
    facts: {
      usd: sum.dollars,
      sinceBlock: sum.block,
      sender: transaction.from,
      called: transaction.to,
      earned: counted.assets.slice(0, shownMax),
      gaveWithoutPrice: counted.gave.slice(0, shownMax),
      actors: sum.actors,
    },
    evidence: 'soft',
    confidence: 'low',
    // For something that nobody prices it may have been a fair trade.
    severity: counted.gave.length > 0 ? 'low' : 'medium',
    actors: sum.actors,
  }
}

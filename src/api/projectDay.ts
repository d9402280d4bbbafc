import { creditsOf } from '../evm/cost/creditsOf.ts'
import { priceTableOf } from '../evm/cost/priceTableOf.ts'
import type { ProviderStatus } from '../model/status.ts'

/** What a provider is asked in a day, if it goes on as since the start. */
export type ProjectedDay = {
  calls: number
  /** By the provider's published prices; null: we know none. */
  credits: { provider: string; unit: string; amount: number; unpriced: string[] } | null
}

const dayMs = 86_400_000
/** Before this a start, which asks more than usual, would be taken for the rule. */
const tellableAfterMs = 5 * 60_000

/** Null: it is too early to tell. */
export function projectDay(
  { host, since, calls }: Pick<ProviderStatus, 'host' | 'since' | 'calls'>,
  chainId: number,
  now: Date,
): ProjectedDay | null {
  const elapsedMs = now.getTime() - Date.parse(since)
  if (elapsedMs < tellableAfterMs) return null
  const aDay = (amount: number) => Math.round((amount * dayMs) / elapsedMs)
  const all = Object.values(calls).reduce((sum, number) => sum + number, 0)
  const table = priceTableOf(host)
  if (!table) return { calls: aDay(all), credits: null }
  const { amount, unpriced } = creditsOf(calls, table, chainId)
  const { provider, unit } = table
  return { calls: aDay(all), credits: { provider, unit, amount: aDay(amount), unpriced } }
}

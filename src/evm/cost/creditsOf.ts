import type { Calls } from '../../model/status.ts'
import type { PriceTable } from './priceTables.ts'

/** What calls cost by a price table: the sum of each, also of those that go together in a batch. */
export type Credits = {
  amount: number
  /** Methods that the table has no price for, and that `amount` is without. */
  unpriced: string[]
}

export function creditsOf(calls: Calls, table: PriceTable, chainId: number): Credits {
  const factor = table.factors?.[chainId] ?? 1
  const credits: Credits = { amount: 0, unpriced: [] }
  for (const [method, number] of Object.entries(calls)) {
    const price = priceOf(method, table)
    if (price === null) credits.unpriced.push(method)
    else credits.amount += number * price * factor
  }
  return credits
}

function priceOf(method: string, { prices, otherwise }: PriceTable): number | null {
  const own = prices[method] ?? prices[`${method.slice(0, method.indexOf('_') + 1)}*`]
  if (own !== undefined) return own
  return method === 'eth_subscription' ? null : otherwise
}

import { type PriceTable, priceTables } from './priceTables.ts'

/** The price table of the provider that a host belongs to; undefined where we know none. @param host With or without port. */
export function priceTableOf(host: string): PriceTable | undefined {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
  return priceTables.find(({ hosts }) => hosts.some((suffix) => name === suffix || name.endsWith(`.${suffix}`)))
}

import type { Address } from '../../model/chain.ts'
import { shortAddress } from '../showAddress.ts'

/**
 * What titles call a token: the name that the config gives it, which whoever reads them chose, and by which every other
 * title knows it. Any other token may call itself what it likes, so its address stands beside its symbol.
 *
 * @param show The name of a contract in the config, or its address in short.
 * @param symbol What the token says of itself, or the chain of its coin; null: it does not, or nobody asked.
 */
export function showToken(
  token: Address | 'native',
  show: (address: Address) => string,
  symbol: string | null = null,
): string {
  if (token === 'native') return symbol ?? 'native coins'
  const name = show(token)
  return symbol !== null && name === shortAddress(token) ? `${symbol} (${name})` : name
}

import type { TokenStandard } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import { showAmount } from './amounts.ts'
import type { TokenLabel } from './tokenBook.ts'

/**
 * An amount of a token as a title shows it: `1,200,000 USDC`, `3 items of APES`. A token that the config does not name
 * may call itself what it likes, so its address stands beside.
 */
export function showTokens({
  amount,
  standard,
  token,
  label,
  trusted,
  show,
}: {
  amount: bigint
  standard: TokenStandard
  token: Address
  label: TokenLabel
  trusted: boolean
  show(address: Address): string
}): string {
  const { symbol, decimals } = label
  const name = trusted ? (symbol ?? show(token)) : `${symbol ?? 'tokens'} (${show(token)})`
  if (standard !== 'erc20') return `${showAmount(amount, 0)} ${amount === 1n ? 'item' : 'items'} of ${name}`
  return decimals === null
    ? `${showAmount(amount, 0)} base units of ${name}`
    : `${showAmount(amount, decimals)} ${name}`
}

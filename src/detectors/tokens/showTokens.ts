import type { TokenStandard } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import { showAmount } from './amounts.ts'
import { showToken } from './showToken.ts'
import type { TokenLabel } from './tokenBook.ts'

/** An amount of a token as a title shows it: `1,200,000 usdc`, `3 items of apes`, `5 FAKE (0x0123…cdef)`. */
export function showTokens({
  amount,
  standard,
  token,
  label,
  show,
}: {
  amount: bigint
  standard: TokenStandard | 'native'
  token: Address | 'native'
  label: TokenLabel
  show(address: Address): string
}): string {
  const { symbol, decimals } = label
  const name = showToken(token, show, symbol ?? 'tokens')
  if (standard !== 'erc20' && standard !== 'native')
    return `${showAmount(amount, 0)} ${amount === 1n ? 'item' : 'items'} of ${name}`
  return decimals === null
    ? `${showAmount(amount, 0)} base units of ${name}`
    : `${showAmount(amount, decimals)} ${name}`
}

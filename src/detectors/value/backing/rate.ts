import { totalSupply } from '../../tokens/balances.ts'
import { type Adapter, numberAt, view } from './book.ts'

/** What one share is worth by the contract's own word, as lenders, vaults, pools and staked coins tell it. */
const views = [
  'exchangeRateStored()',
  'pricePerShare()',
  'getPricePerFullShare()',
  'get_virtual_price()',
  'getRate()',
  'stEthPerToken()',
]
const scale = 10n ** 18n

/**
 * Tokens that tell what a share of them is worth, and have no other books that we can read. Without shares there is
 * nothing owed: the next one may begin at another rate.
 */
export const rates: readonly Adapter[] = views.map((signature): Adapter => {
  const rate = view(signature)
  return {
    id: `rate ${signature}`,
    last: true,
    reads: (target, _, at) => [rate(target, at), totalSupply(target, at)],
    learn: (target, rows, at, ask) => (rows.length > 0 ? rows : numberAt(ask(rate(target, at))) ? [[target]] : null),
    books(target, _, at, ask) {
      const data = ask(rate(target, at))
      const backing = data?.length === 66 ? numberAt(data) : null
      if (backing === null) return []
      const isEmpty = numberAt(ask(totalSupply(target, at))) === 0n
      return [{ name: 'rate', claims: isEmpty ? 0n : scale, backing, cover: false, held: [] }]
    },
  }
})

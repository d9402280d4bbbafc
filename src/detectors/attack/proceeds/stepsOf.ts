import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Transaction } from '../../../model/chain.ts'
import type { BlockObservation } from '../../../model/observation.ts'
import type { Followed, Sent, Step } from './following.ts'

/** Of one block, and of one transaction; what is trusted comes first, and of that the most. */
const [stepsMax, sentMax] = [16, 8]

/**
 * What followed accounts sent to others in a block, by their own transactions. Where nobody asked for its receipts, only
 * what the transactions themselves say: coins, and plain transfers of tokens.
 */
export function stepsOf(
  { transactions, receipts }: BlockObservation['block'],
  accounts: readonly Followed[],
  trusted: ReadonlySet<Address | 'native'>,
): Step[] {
  if (accounts.length === 0) return []
  const followed = new Map(accounts.map((each) => [each.account, each]))
  const rank = (asset: Address | 'native') => (trusted.has(asset) ? 0 : 1)
  return transactions
    .flatMap((transaction): Step[] => {
      const by = followed.get(transaction.from)
      if (!by) return []
      const sent = sentIn(transaction, receipts?.[transaction.index] ?? null)
        .filter(({ from, to, amount }) => followed.has(from) && !followed.has(to) && to !== zeroAddress && amount > 0n)
        .sort((a, b) => rank(a.asset) - rank(b.asset) || byAmount(b, a))
        .slice(0, sentMax)
      return sent.length > 0 ? [{ by, transaction, sent }] : []
    })
    .sort(({ sent: [a] }, { sent: [b] }) => rank(a!.asset) - rank(b!.asset) || byAmount(b!, a!))
    .slice(0, stepsMax)
}

type Receipts = NonNullable<BlockObservation['block']['receipts']>

const byAmount = (a: Sent, b: Sent): number => Number(a.amount > b.amount) - Number(a.amount < b.amount)

/** transfer(address,uint256) */
const transfer = /^0xa9059cbb0{24}([0-9a-f]{40})([0-9a-f]{64})$/

function sentIn(transaction: Transaction, receipt: Receipts[number] | null): readonly Sent[] {
  const { from, to, value, input } = transaction
  if (receipt) return movementsOf({ transaction, receipt })
  if (to === null) return []
  const [, payee, amount] = transfer.exec(input) ?? []
  const coins: Sent = { asset: 'native', standard: 'native', from, to, amount: value }
  return payee
    ? [coins, { asset: to, standard: 'erc20', from, to: `0x${payee}`, amount: BigInt(`0x${amount}`) }]
    : [coins]
}

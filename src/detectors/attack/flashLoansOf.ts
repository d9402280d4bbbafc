import type { Movement } from '../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Transaction } from '../../model/chain.ts'
import type { Json } from '../../model/finding.ts'

/** Something lent and given back within one transaction. A flash mint is lent by the token itself. */
export type FlashLoan = { token: Address; lender: Address; borrower: Address; amount: bigint }

/** Loans that are looked at at once; a transaction can hold thousands of movements. */
const openMax = 64
const loansMax = 16
/** In hundredths: a fee of more than this is a price, not a fee. */
const feeMax = 5n

/**
 * The flash loans among the movements of one transaction, whoever lends: an account gives, and gets back from whoever it
 * be as much or a little more of the same token. Native coins cannot be told so, as their order is not known.
 * Whoever sent the transaction, or was called by it, does not lend to itself by getting back what it put somewhere.
 */
export function flashLoansOf(
  movements: readonly Movement[],
  { from: sender, to: called }: Pick<Transaction, 'from' | 'to'>,
): FlashLoan[] {
  const open: FlashLoan[] = []
  const loans: FlashLoan[] = []
  for (const { asset: token, from, to, amount } of movements) {
    if (token === 'native' || loans.length === loansMax) continue
    const lender = to === zeroAddress ? token : to
    const place = open.findIndex(
      (loan) =>
        loan.token === token &&
        loan.lender === lender &&
        amount >= loan.amount &&
        amount * 100n <= loan.amount * (100n + feeMax),
    )
    if (place !== -1) loans.push(...open.splice(place, 1))
    else if (from !== sender && from !== called && open.length < openMax)
      open.push({ token, lender: from === zeroAddress ? token : from, borrower: to, amount })
  }
  return loans
}

/** The largest loans as facts. */
export function flashLoanFacts(loans: readonly FlashLoan[]): Record<string, Json> {
  if (loans.length === 0) return {}
  const facts = loans.slice(0, 4).map(({ token, lender, amount }) => ({ token, lender, amount: amount.toString() }))
  return { flashLoans: facts }
}

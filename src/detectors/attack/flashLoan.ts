import { z } from 'zod'
import { tokenMovements } from '../../evm/ledger/movementsOf.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { showAmount } from '../tokens/amounts.ts'
import { touchedOutcomes, touchInterests } from '../touched.ts'
import { flashLoanFacts, flashLoansOf } from './flashLoansOf.ts'

const options = z.strictObject({})

/** In one block; more say nothing new. */
const claimsMax = 20

/**
 * Tells of transactions that touch a contract with money that was lent and given back within them, whoever lent it. What
 * ours lend themselves is their business and is not told of.
 */
export const flashLoan = defineDetector<z.output<typeof options>>({
  id: 'flash-loan',
  title: 'A flash loan in a transaction that uses the contracts',
  scenario:
    'With a flash loan anybody is rich for one transaction: rich enough to move a price, a vote or a share, and to be paid for it. Honest traders use them as well, so this is a fact to look at others in the light of, and no alarm.',
  signal:
    'Within one transaction an account gives a token and gets back as much, or up to 5 % more, whoever it is; a list of lenders is not needed. It is `info`, a fact for other findings, never a page.',
  response: 'Nothing by itself. Where another finding names the same transaction, the loan says how it was paid for.',
  knownLimits: [
    'Loans of native coins are not seen, as their order stands in no log.',
    'A fee of more than 5 %, or a loan given back in parts, is not taken for a loan.',
    'What ours lend themselves is not told.',
    'Honest arbitrage and liquidation show the same.',
  ],
  severity: 'info',
  sign: { stage: 'funding', restsOn: 'funds' },
  options,
  when: 'none',
  needs: ['logs'],

  compile({ targets, names }) {
    const ours = addressesOf(targets)
    const show = addressShower(names)
    return {
      stateless: true,
      interests: touchInterests([...ours], 'none'),
      notes: ['Loans of native coins are not seen: their order is in no log.'],

      detect(observation) {
        const claims: Claim[] = []
        for (const { transaction, receipt } of touchedOutcomes(observation)) {
          if (!receipt || receipt.status === 'reverted') continue
          const loans = flashLoansOf(tokenMovements(receipt.logs), transaction)
          const [main] = loans.filter(({ lender }) => !ours.has(lender))
          const touched = receipt.logs.find(({ address }) => ours.has(address))?.address
          const address =
            touched ?? targets.find((each) => each.address === transaction.to)?.address ?? targets[0]!.address
          if (!main || claims.length === claimsMax) continue
          claims.push({
            key: 'flash loan',
            transactionHash: transaction.hash,
            address,
            title: `${show(address)} was used with a flash loan of ${showAmount(main.amount, 0)} base units of ${show(main.token)}, lent by ${show(main.lender)}`,
            facts: { sender: transaction.from, borrower: main.borrower, ...flashLoanFacts(loans) },
            evidence: 'soft',
            severity: 'info',
            actors: [transaction.from, main.borrower],
          })
        }
        return { claims }
      },
    }
  },
})

import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Outcome } from '../../../model/observation.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { flashLoanFacts, flashLoansOf } from '../flashLoansOf.ts'
import type { Balance, Loss } from '../losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from '../lossWords.ts'
import { isOwed } from './isOwed.ts'
import { type Reentry, selectorOf } from './reentriesOf.ts'
import type { Repeat } from './repeatsOf.ts'

type Case = {
  reentries: readonly Reentry[]
  repeats: readonly Repeat[]
  outcome: Outcome
  balance: Balance
  ours: ReadonlySet<Address>
  chainId: number
  show(address: Address): string
}

/** Of what went out: by arbitrage through a callback a pair loses a little. */
const lossPercentMin = { open: 1, callback: 20 }
/** Of what was held: what makes a proved loss critical. */
const largePercent = 5

/** Null: what happens all day. */
export function claimReentry({ reentries, repeats, outcome, balance, ours, ...words }: Case): Claim | null {
  const { transaction } = outcome
  const main = gravestOf(reentries)
  const lost = byShare(balance.losses.filter((loss) => isMaterial(loss, main?.road === 'callback')))
  // Where outside code was only used, whoever it worked with must have paid; the one that used it may hand on what it got.
  // Who borrows within a flash loan, and pledges what the loan bought, is paid twice, has paid, and owes.
  const isBorrowed = () =>
    reentries.every(({ paidTwice, isLent }) => !paidTwice || isLent) && isOwed(lost, outcome, ours)
  // A token that is sent may do its work in contracts of ours, such as the code or the books behind it: it left as it was told.
  const isSent = (token: Loss['token']) =>
    reentries.length > 0 && reentries.every(({ sending, paidInside }) => sending === token && !paidInside)
  const isPaidFor = balance.paid && (main?.road === 'used' || main?.paidTwice !== true || isBorrowed())
  const isTheft = lost.some(({ token }) => !isSent(token)) && !isPaidFor && (main?.road !== 'used' || main.paidInside)
  if (main ? main.road !== 'open' && !isTheft : lost.length === 0) return null
  const [first] = lost
  const isProved = isTheft && main !== undefined && lost.some(({ confirmed }) => confirmed)
  const isCritical = isTheft && main !== undefined && lost.some((loss) => isLarge(loss, largePercent))
  const grave = isCritical ? 'critical' : 'high'
  const cost = first && isTheft ? `, and ${showLoss(first, words)} was lost` : ''
  const address = first && isTheft ? first.address : main ? ownOf(main, ours) : repeats[0]!.address
  return {
    key: 'reentrancy',
    transactionHash: transaction.hash,
    address,
    title: main ? `${storyOf(main, words.show)}${cost}` : `${repeatStory(repeats[0]!, words.show)}${cost}`,
    facts: {
      sender: transaction.from,
      ...(main ? reentryFacts(main, reentries.length) : repeatFacts(repeats[0]!)),
      ...lossFacts(lost),
      ...(balance.paid && { somethingCameIn: true }),
      ...flashLoanFacts(flashLoansOf(movementsOf(outcome), transaction)),
    },
    evidence: isProved ? 'hard' : 'soft',
    // Without the calls a router that pays out in parts looks the same.
    severity: isTheft && main ? grave : 'medium',
  }
}

/** Roads that nobody asked for first, then the same contract before a sibling before a view. */
function gravestOf(reentries: readonly Reentry[]): Reentry | undefined {
  const roads = ['open', 'hook', 'used', 'callback']
  const kinds = ['contract', 'group', 'view']
  const rank = ({ road, kind, paidTwice }: Reentry) => [paidTwice ? 0 : 1, roads.indexOf(road), kinds.indexOf(kind)]
  return reentries.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    return left.map((each, index) => each - right[index]!).find((difference) => difference !== 0) ?? 0
  })[0]
}

function isMaterial({ amount, gross }: Loss, isCallback: boolean): boolean {
  return isPercentOf(amount, isCallback ? lossPercentMin.callback : lossPercentMin.open, gross)
}

/** The contract of ours that was entered, or that read a price. */
const ownOf = ({ inner }: Reentry, ours: ReadonlySet<Address>): Address =>
  [inner.to, inner.from].find((address) => address !== null && ours.has(address)) ?? inner.from

function storyOf({ kind, outer, inner, stranger }: Reentry, show: (address: Address) => string): string {
  const [open, entered, caller] = [show(outer.to ?? outer.from), show(inner.to ?? inner.from), show(stranger)]
  if (kind === 'view')
    return `${show(inner.from)} read a price of ${entered} in the middle of a call, led there by ${caller}`
  if (kind === 'group') return `${caller} called ${entered} while a call of ${open} was still open`
  return `${caller} entered ${entered} again while an earlier call of it was still open`
}

const reentryFacts = ({ kind, road, outer, inner, stranger, paidTwice }: Reentry, times: number) => ({
  ...{ kind, road, times, paidTwice, caller: stranger },
  ...{ openFunction: selectorOf(outer), enteredFunction: selectorOf(inner) },
})

const repeatStory = ({ address, times, party }: Repeat, show: (address: Address) => string) =>
  `${show(address)} told ${times} times in one transaction of the same to ${show(party)}`

const repeatFacts = ({ topic0, times, party }: Repeat) => ({ kind: 'repeat', times, caller: party, topic0 })

import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Outcome } from '../../../model/observation.ts'
import { isPercentOf } from '../../value/amounts.ts'
import { flashLoanFacts, flashLoansOf } from '../flashLoansOf.ts'
import type { Balance } from '../losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from '../lossWords.ts'
import type { CodeSign } from './codeSigns.ts'
import type { Suspect } from './suspects.ts'

type Words = { chainId: number; percent: number; show(address: Address): string }

const mediumScore = 60
/** Of what was held: what makes a proved loss critical. */
const largePercent = 5
const groupOf = (contract: Address) => `fresh ${contract}`

export function claimCreation({
  contract,
  creator,
  names,
  signs,
  score,
  outcome: { transaction },
  show,
}: Words & {
  contract: Address
  creator: Address
  names: readonly Address[]
  signs: readonly CodeSign[]
  score: number
  outcome: Outcome
}): Claim {
  const named = names.slice(0, 3).map(show).join(', ')
  return {
    key: `fresh ${contract}`,
    transactionHash: transaction.hash,
    address: names[0]!,
    title: `The new contract ${show(contract)} of ${show(creator)} holds the address of ${named}`,
    facts: {
      ...{ contract, creator, creatorNonce: transaction.nonce, score },
      names: names.slice(0, 16),
      signs: signs.map(({ sign, points }) => `${sign} (${points})`),
    },
    evidence: 'soft',
    severity: score >= mediumScore ? 'medium' : 'low',
    group: groupOf(contract),
  }
}

/** Null: it took nothing, or no more than it once brought. */
export function claimTaking({
  suspect,
  outcome,
  balance,
  time,
  ...words
}: Words & { suspect: Suspect; outcome: Outcome; balance: Balance; time: number }): Claim | null {
  const net = new Map(suspect.net)
  const taken = balance.losses.flatMap((loss) => {
    const kept = BigInt(net.get(loss.token) ?? 0)
    const amount = kept < loss.amount ? kept : loss.amount
    return amount > 0n ? [{ ...loss, amount }] : []
  })
  const grave = byShare(taken).filter(
    ({ amount, held, gross }) =>
      (held === null || isPercentOf(amount, words.percent, held)) && isPercentOf(amount, 2, gross),
  )
  const [first] = grave
  // What came in instead may have been its price.
  if (!first || balance.paid) return null
  const { contract, creator, score } = suspect
  const { transaction } = outcome
  const isProved = grave.some(({ confirmed }) => confirmed)
  return {
    key: `taken ${contract}`,
    transactionHash: transaction.hash,
    address: first.address,
    title: `${words.show(contract)}, a contract made ${ageWords(time - suspect.time)}, took ${showLoss(first, words)} out of ${words.show(first.address)}`,
    facts: {
      ...{ contract, creator, score, sender: transaction.from, ageSeconds: time - suspect.time },
      ...lossFacts(grave),
      ...flashLoanFacts(flashLoansOf(movementsOf(outcome), transaction)),
    },
    evidence: isProved ? 'hard' : 'soft',
    severity: grave.some((loss) => isLarge(loss, largePercent)) ? 'critical' : 'high',
    group: groupOf(contract),
  }
}

function ageWords(seconds: number): string {
  if (seconds < 120) return 'just before'
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes before`
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} hours before`
    : `${Math.round(seconds / 86_400)} days before`
}

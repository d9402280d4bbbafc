import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Outcome } from '../../../model/observation.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { nativeDecimals } from '../../tokens/tokenBook.ts'
import { flashLoanFacts, flashLoansOf } from '../flashLoansOf.ts'
import type { Balance, Loss } from '../losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from '../lossWords.ts'
import type { Attempt, Tried } from './attempts.ts'
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
    actors: [creator, contract],
    group: groupOf(contract),
  }
}

/** What it would take, had its creator called it now. Where nobody about it gains, or something comes in instead, it may be honest work. */
export function claimPrimed(
  { contract, creator, score, receivers }: Tried,
  { call: { data, value = 0n }, losses, paid, gains }: Attempt,
  { block, show, ...words }: Words & { block: number },
): Claim {
  const decimalsIn = (token: Loss['token']) => (token === 'native' ? nativeDecimals : null)
  const worst = losses.map(
    ({ of, ...loss }): Loss => ({
      ...{ ...loss, decimals: decimalsIn(loss.token) },
      ...{ gross: loss.amount, confirmed: true, address: of },
    }),
  )
  const [first] = worst
  const severity = gains && !paid ? 'high' : 'medium'
  const how = data === '0x' ? 'Calling' : `Calling ${data.slice(0, 10)} of`
  return {
    key: `primed ${severity} ${contract}`,
    subject: `contract ${contract}`,
    address: first!.address,
    title: `${how} ${show(contract)}, a new contract of ${show(creator)}, would take ${showLoss(first!, { ...words, show })} out of ${show(first!.address)}`,
    facts: {
      ...{ contract, creator, score, calldata: data, value: value.toString(), simulatedAt: String(block), receivers },
      ...lossFacts(worst),
      ...{ gains, paid },
    },
    evidence: 'soft',
    confidence: 'high',
    severity,
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
    actors: [transaction.from, creator, contract],
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

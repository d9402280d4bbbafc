import { deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { isWrapping, type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Receipt, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { PendingObservation } from '../../../model/observation.ts'
import type { Read, ReadResult } from '../../../model/read.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { readAmount, tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Sign, signsOf } from '../../value/ownLoss/signs.ts'
import { believedIn, type Loss, lossesOf, readsOfLosses } from '../losses.ts'
import { byShare } from '../lossWords.ts'

type View = Omit<PendingObservation, 'state'>
export type Ours = {
  targets: ReadonlyMap<Address, Contract>
  addresses: ReadonlySet<Address>
  /** All that the config names. */
  named: ReadonlySet<Address>
}

/**
 * What tells a loss from what its sender is entitled to. `unbacked`: ours say what their shares are worth, and none were
 * given back for it.
 */
export type LossSign = Sign | 'unbacked'

export type LossAhead = Loss & { signs: LossSign[] }

/** `convertToAssets(10^18)`: who answers says what his shares are worth. */
const worthRead = (vault: Address): Read => ({
  ...{ kind: 'call', at: 'parent', to: vault },
  data: `0x07a2d13a${(10n ** 18n).toString(16).padStart(64, '0')}`,
})
/** `totalBorrows()`: what goes out for a debt is lent. */
const debtReads = (lender: Address): Read[] =>
  (['parent', 'block'] as const).map((at) => ({ kind: 'call', at, to: lender, data: '0x47bd3718' }))

const sharersMax = 12

export const readsOfSharers = ({ addresses }: Ours): Read[] =>
  [...addresses].slice(0, sharersMax).flatMap((each) => [worthRead(each), ...debtReads(each)])

const movedIn = ({ outcomes: [outcome] }: View): Movement[] => (outcome ? movementsOf(outcome) : [])

export function readsOfLossesAhead(view: View, { addresses, named }: Ours): Read[] {
  const [outcome] = view.outcomes
  if (!outcome) return []
  const losses = readsOfLosses(movedIn(view), addresses, believedIn(outcome, addresses, named))
  if (losses.length === 0) return []
  return [...losses, ...[...addresses].slice(0, sharersMax).flatMap((each) => claimReads(each, outcome.transaction))]
}

/** What one of ours says that it owes to whoever sends the transaction, and to whom it calls. */
function claimReads(debtor: Address, { from, to }: Transaction): Read[] {
  const owed = [from, ...(to ? [to] : [])].flatMap((whom) => [
    tokenBalance(debtor, whom, 'parent'),
    tokenBalance(debtor, whom, 'block'),
  ])
  return [totalSupply(debtor, 'parent'), ...owed]
}

/** What they would be owed no more, by those of ours that count no shares: banks that write down what each has put in. */
function givenUp(observation: PendingObservation, debtors: Iterable<Address>, transaction: Transaction): bigint {
  return [...debtors].slice(0, sharersMax).reduce((sum, debtor) => {
    const [supply, ...owed] = claimReads(debtor, transaction).map((read) => readAmount(observation, read).amount)
    if (supply != null) return sum
    return owed.reduce<bigint>((fell, before, place) => {
      const after = owed[place + 1]
      return place % 2 === 0 && before != null && after != null && after < before ? fell + before - after : fell
    }, sum)
  }, 0n)
}

/**
 * What ours would lose that bears a sign of theft. Nothing is said of what leaves for shares that are given back, for a
 * debt, or for something else of value.
 */
export function lossesAhead(
  observation: PendingObservation,
  ours: Ours,
  percent: number,
): { losses: LossAhead[]; blind: string[] } {
  const [outcome] = observation.outcomes
  if (!outcome?.receipt) return { losses: [], blind: [] }
  const { transaction, receipt } = outcome
  const movements = movedIn(observation)
  const { losses, paid, blind } = lossesOf(
    observation,
    movements,
    ours.addresses,
    believedIn(outcome, ours.addresses, ours.named),
  )
  if (losses.length === 0) return { losses: [], blind: [...new Set(blind)] }
  const due = givenUp(observation, ours.addresses, transaction)
  const large = byShare(losses.map((loss) => ({ ...loss, amount: loss.amount - due }))).filter(
    ({ amount, held, confirmed }) =>
      confirmed && held !== null && held > 0n && amount > 0n && isPercentOf(amount, percent, held),
  )
  if (paid || large.length === 0) return { losses: [], blind: [...new Set(blind)] }
  const signed = large.flatMap((loss) => {
    const signs = signsAgainst({ loss, transaction, receipt, movements }, observation, ours)
    return signs.length > 0 ? [{ ...loss, signs }] : []
  })
  return { losses: signed, blind: [...new Set(blind)] }
}

type Moved = { loss: Loss; transaction: Transaction; receipt: Receipt; movements: readonly Movement[] }

function signsAgainst({ loss, ...moved }: Moved, observation: PendingObservation, ours: Ours): LossSign[] {
  const { targets } = ours
  const target = targets.get(loss.address)
  if (!target) return []
  const { token: asset, amount } = loss
  const { to } = moved.transaction
  // Whether a contract is fresh is asked for otherwise here: it need not be made in the same block.
  const known: ReadResult = { ok: true, data: '0x00' }
  const state = (read: Read) => (read.kind === 'code' ? known : observation.state(read))
  const deltas = deltasOf(moved.movements)
  const judging = { targets, trusted: new Set([...ours.named, ...ours.addresses]) }
  const weighed = { ...moved, target, asset, amount, deltas, gains: [] }
  const seen = signsOf(weighed, { ...observation, state }, judging)
  const isFresh = observation.isYoung === true && !(to && targets.has(to)) && !givesUpNamed(moved.movements, ours)
  return [
    ...seen.filter((sign) => sign !== 'fresh'),
    ...(isFresh ? (['fresh'] as const) : []),
    ...(isUnbacked(loss, moved, observation, targets) ? (['unbacked'] as const) : []),
  ]
}

/**
 * Whether shares are given back that the config names and that are not of one of ours, so that nobody has said what they
 * are worth. What it does not name anybody may have made to be burned here, and coins are taken out of their token by
 * honest people and thieves alike.
 */
const givesUpNamed = (movements: readonly Movement[], { named, addresses }: Ours): boolean =>
  movements.some(
    (each) =>
      each.to === zeroAddress &&
      each.asset !== 'native' &&
      named.has(each.asset) &&
      !addresses.has(each.asset) &&
      !isWrapping(each),
  )

/** Who calls ours himself, and gets of what stands behind shares without giving any back and without owing it. */
function isUnbacked(
  { token, amount }: Loss,
  { transaction: { from, to }, movements }: Omit<Moved, 'loss'>,
  observation: PendingObservation,
  targets: ReadonlyMap<Address, Contract>,
): boolean {
  if (to === null || !targets.has(to)) return false
  const payers = movements.filter((each) => each.asset === token && each.to === from).map((each) => each.from)
  const sharers = payers.filter((each) => targets.has(each) && readAmount(observation, worthRead(each)).amount !== null)
  if (sharers.length === 0) return false
  const got = movements.reduce((sum, each) => {
    if (each.asset !== token) return sum
    return each.to === from ? sum + each.amount : each.from === from ? sum - each.amount : sum
  }, 0n)
  // Half of it, so that a fee or the pay of a keeper is not taken for the loot.
  return got * 2n >= amount && ![...targets.keys()].some((each) => lends(observation, each))
}

function lends(observation: PendingObservation, lender: Address): boolean {
  const [before, after] = debtReads(lender).map((read) => readAmount(observation, read).amount)
  return before != null && after != null && after > before
}

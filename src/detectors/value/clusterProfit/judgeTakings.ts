import { isPlainAccount } from '../../../evm/accountCode.ts'
import type { Address, Transaction } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { PriceBook, Worth } from '../../prices/priceBook.ts'
import { showDollars } from '../../prices/showDollars.ts'
import { worthFacts } from '../../prices/worthFacts.ts'
import { isPercentOf, showPercent } from '../../tokens/amounts.ts'
import { allowance, readAmount, tokenBalance } from '../../tokens/balances.ts'
import type { ClusterProfitOptions } from './options.ts'
import { mayBeSigned, type Taking } from './takings.ts'

const codeBefore = (of: Address): Read => ({ kind: 'code', at: 'parent', of })
const heldReads = ({ token, from }: Taking): [before: Read, after: Read] => [
  tokenBalance(token, from, 'parent'),
  tokenBalance(token, from, 'block'),
]

const allowedReads = ({ token, from, spender }: Taking): Read[] =>
  spender ? [allowance(token, from, spender, 'parent')] : []

export const readsOfTaking = (taking: Taking, book: PriceBook): Read[] => [
  ...heldReads(taking),
  ...allowedReads(taking),
  codeBefore(taking.to),
  ...book.reads(taking.token),
]

type Judging = {
  transaction: Transaction
  cluster: ReadonlySet<Address>
  /** Whether the cluster has more of anything. */
  gained: boolean
  observation: Observation
  options: ClusterProfitOptions
  book: PriceBook
  blind: Set<string>
  nameOf(address: Address): string
  show(address: Address): string
}
type Seen = Taking & { held: bigint; fell: boolean; worth: Worth; isGrave: boolean }

const [criticalOwners, quarter, factsMax] = [5, 4, 8]

/** What was taken from people who did nothing, in one claim for each of our contracts that took it. */
export function judgeTakings(takings: readonly Taking[], judging: Judging): Claim[] {
  const seen = takings.flatMap((taking) => weigh(taking, judging))
  return [...Map.groupBy(seen, ({ by }) => by)].map(([by, own]) => claimTaking(by, own, judging))
}

function weigh(taking: Taking, { observation, options, book, blind, transaction, ...judging }: Judging): Seen[] {
  const { token, to, amount, by } = taking
  const [before, after] = heldReads(taking).map((read) => readAmount(observation, read))
  if (before?.amount == null || after?.amount == null) {
    const reasons = [before, after].flatMap((each) => (each?.amount === null && each.blind ? [each.blind] : []))
    if (reasons[0]) blind.add(`What ${judging.nameOf(by)} took of ${token} could not be weighed: ${reasons[0]}`)
    return []
  }
  const held = before.amount
  const allowed = allowedReads(taking).map((read) => readAmount(observation, read).amount)
  if (allowed.some((each) => each !== null && each >= amount)) return []
  if (held === 0n || !isPercentOf(amount, options.takenPercent / quarter, held)) return []
  const worth = book.worth(token, amount, observation)
  const isMuch =
    isPercentOf(amount, options.takenPercent, held) && !('dollars' in worth && worth.dollars < options.takenUsd)
  const code = observation.state(codeBefore(to))
  const isThiefs = judging.cluster.has(to) || judging.gained || (code.ok && isPlainAccount(code.data))
  // Anybody can deploy a token that tells of transfers which never were.
  const fell = after.amount < held
  return [{ ...taking, held, fell, worth, isGrave: isMuch && isThiefs && fell && !mayBeSigned(transaction.input) }]
}

function claimTaking(
  by: Address,
  own: readonly Seen[],
  { transaction, cluster, nameOf, show, options }: Judging,
): Claim {
  const first = own.toSorted((a, b) => Number(b.isGrave) - Number(a.isGrave))[0]!
  const owners = new Set(own.map(({ from }) => from)).size
  const dollars = own.reduce((sum, { worth }) => sum + ('dollars' in worth ? worth.dollars : 0), 0)
  const who = owners === 1 ? show(first.from) : `${show(first.from)} and ${owners - 1} more`
  const what = `${showPercent(first.amount, first.held)} of the ${show(first.token)}`
  const isCritical = owners >= criticalOwners || dollars >= 10 * options.usd
  return {
    key: `taken ${by}`,
    transactionHash: transaction.hash,
    address: by,
    title: `${nameOf(by)} took ${what} of ${who}${dollars > 0 ? ` (${showDollars(dollars)})` : ''}, who neither called it nor signed, for ${show(first.to)}`,
    facts: {
      sender: transaction.from,
      owners,
      taken: own.slice(0, factsMax).map(({ from, to, token, amount, held, worth }) => ({
        ...{ from, to, token, amount: String(amount), held: String(held), share: showPercent(amount, held) },
        ...worthFacts(worth),
      })),
    },
    evidence: own.some(({ fell }) => fell) ? 'hard' : 'soft',
    actors: [...cluster, ...own.map(({ to }) => to)].slice(0, factsMax),
    ...(first.isGrave ? isCritical && { severity: 'critical' as const } : { severity: 'medium' as const }),
  }
}

import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { contractOption, resolveContract, sourcesMax } from '../contractOption.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { flashLoanFacts, flashLoansOf } from './flashLoansOf.ts'
import { believedIn, type Loss, lossesOf, netOf, readsOfLosses } from './losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from './lossWords.ts'
import { type Excursion, excursionIn } from './roundTrip/excursionsOf.ts'
import { pricedLoss } from './roundTrip/pricedLoss.ts'

const options = z.strictObject({
  traces: tracesOption,
  pagedElsewhere: z
    .array(contractOption)
    .max(sourcesMax)
    .default([])
    .describe(
      'Pools that a monitor of `price-manipulation` on the same contracts watches, as `$name` or address. It pages about their pushes; this one then tells at `medium` what was lost, so that one push is one page.',
    ),
})

/** From where `price-manipulation` pages by itself, as natural logarithms: that far, or so far and most of the way back. */
const pagedFrom = { extreme: Math.log(1.5), grave: Math.log(1.2), backThird: 3 }

/** Of what was held: what makes a proved loss critical. */
const largePercent = 5

/**
 * Speaks where the price of a pool is pushed by more than a fifth and brought back within one transaction, with a use of
 * one of ours in between: whoever priced by that pool was fooled. Pages where ours gave more than they got at the price
 * that the pool had while nobody pushed it.
 */
export const roundTrip = defineDetector<z.output<typeof options>>({
  id: 'round-trip',
  title: 'Price pushed and brought back',
  scenario:
    'A lender asks a pool what a token is worth. A thief buys until the pool says ten times as much, borrows against it, and sells again: all in one transaction, and the loan is never repaid.',
  signal:
    'A pool of the Uniswap v2 or v3 family whose price moves by more than a fifth and at least half of the way back within one transaction, with a use of one of the contracts in between, is `medium`; `high` where the contracts lost by the price the pool had before, and `critical` from 5 % of what was held. For pools under `pagedElsewhere` it stays `medium` where `price-manipulation` pages.',
  response:
    'Pause borrowing and whatever else asks that pool for a price. It can be done again at once with any other account, until the price is asked for elsewhere or as a mean over time.',
  knownLimits: [
    "Pools of other kinds, such as Curve's or Balancer's, are not read.",
    'A push in one transaction and a use in the next is for `price-manipulation`.',
    'A push of less than a fifth is not told, though a loan of many times its cost may pay for it.',
    'Where what came in, or the loss, is of no token of the pool, a loan at a false price stays at `medium`.',
  ],
  severity: 'medium',
  sign: { stage: 'exploitation', restsOn: 'prices' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile(assignment) {
    const { options, targets, names, chain } = assignment
    const { traces } = options
    const paged = new Set(options.pagedElsewhere.map((text) => resolveContract(text, assignment).address))
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const words = { chainId: chain.id, show: addressShower(names) }
    const excursion = (outcome: Outcome) =>
      outcome.receipt && outcome.receipt.status !== 'reverted'
        ? excursionIn(outcome.receipt.logs, movementsOf(outcome), ours)
        : null
    return {
      stateless: true,
      interests: touchInterests([...ours], traces),
      notes: ['It reads the prices of pools of the Uniswap v2 and v3 families only, and only within one transaction.'],

      reads: (view) =>
        touchedOutcomes(view).flatMap((outcome) =>
          excursion(outcome) ? readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known)) : [],
        ),

      detect(observation) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        for (const outcome of touchedOutcomes(observation)) {
          const trip = excursion(outcome)
          if (!trip) continue
          const judged = judge(observation, outcome, trip, { ours, known })
          for (const reason of judged.blind) blind.add(reason)
          const claim = claimTrip(outcome, trip, judged.lost, words)
          claims.push(paged.has(trip.pool) && isPaged(trip) ? { ...claim, severity: 'medium' } : claim)
        }
        return { claims, blind: [...blind] }
      },
    }
  },
})

const isPaged = ({ atUse, rest }: Excursion): boolean =>
  atUse > pagedFrom.extreme || (atUse > pagedFrom.grave && pagedFrom.backThird * rest < atUse)

function judge(
  observation: Observation,
  outcome: Outcome,
  trip: Excursion,
  { ours, known }: { ours: ReadonlySet<Address>; known: ReadonlySet<Address> },
): { lost: Loss[]; blind: string[] } {
  const movements = movementsOf(outcome)
  const { losses, paid, blind } = lossesOf(observation, movements, ours, believedIn(outcome, ours, known))
  if (!paid) return { lost: byShare(losses), blind }
  const priced = pricedLoss(trip, netOf(movements, ours), losses)
  return { lost: priced === null || priced === 'none' ? [] : [priced], blind }
}

function claimTrip(
  { transaction, receipt }: Outcome,
  { pool, used, factor }: Excursion,
  lost: readonly Loss[],
  words: { chainId: number; show(address: Address): string },
): Claim {
  const [first] = lost
  const { show } = words
  const percent = Math.min(1_000_000, Math.round((factor - 1) * 100))
  const story = `The price of pool ${show(pool)} was pushed by ${percent.toLocaleString('en')} % and brought back in one transaction that used ${show(used)} in between`
  const movements = movementsOf({ transaction, receipt })
  return {
    key: `round trip ${pool}`,
    transactionHash: transaction.hash,
    address: first?.address ?? used,
    title: first ? `${story}, and ${showLoss(first, words)} was lost` : story,
    facts: {
      ...{ sender: transaction.from, pool, used, pushedByPercent: percent },
      ...lossFacts(lost),
      ...flashLoanFacts(flashLoansOf(movements, transaction)),
    },
    evidence: lost.some(({ confirmed }) => confirmed) ? 'hard' : 'soft',
    severity: first ? (lost.some((loss) => isLarge(loss, largePercent)) ? 'critical' : 'high') : 'medium',
  }
}

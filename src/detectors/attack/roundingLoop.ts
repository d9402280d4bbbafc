import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import { topicOf, transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex, Log } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf } from '../tokens/amounts.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { flashLoanFacts, flashLoansOf } from './flashLoansOf.ts'
import { believedIn, lossesOf, readsOfLosses } from './losses.ts'
import { byShare, isLarge, lossFacts, showLoss } from './lossWords.ts'

const options = z.strictObject({
  traces: tracesOption,
  times: z.int().min(3).default(10).describe('How often the same must be done in one transaction.'),
  tiny: z.int().min(1).default(1_000).describe('Amounts below so many base units are tiny.'),
})

/** Of what was held: what makes a loss worth waking somebody, and a proved one critical. */
const percent = { material: 0.1, large: 5 }

/** One function of one of ours, called again and again; or, without traces, one event. */
type Loop = { address: Address; what: Hex; times: number }

/**
 * Speaks where one transaction calls the same function of ours many times over with amounts so small that rounding
 * decides who gets what. Pages where ours lost by it more than the last digits.
 */
export const roundingLoop = defineDetector<z.output<typeof options>>({
  id: 'rounding-loop',
  title: 'One call repeated with amounts so small that rounding decides',
  scenario:
    'A pool rounds in favour of whoever trades, by one base unit. That is nothing, until somebody makes the amounts so small that one unit is a tenth of them, and trades a hundred times in one transaction.',
  signal:
    'One transaction that calls one function of the contracts `times` times and moves amounts below `tiny` base units as often. Silent without a loss, `medium` below 0.1 % of what was held or where something came in for it, else `high`, and `critical` from 5 %.',
  response:
    'Pause the pool: the loop can be run again at once. Then compare in which direction each division rounds when its result is only a few units.',
  knownLimits: [
    'A loop spread over several transactions is not joined.',
    'Of a token with few decimals amounts of `tiny` units may be worth something, and honest batches look so.',
    'Rounding that is used once with one large amount, as by a first depositor, is for `backing`.',
    'A loss in claims alone, in which nothing leaves, is not seen.',
  ],
  severity: 'medium',
  sign: { stage: 'exploitation', restsOn: 'calls' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile({ options: { traces, times, tiny }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const words = { chainId: chain.id, show: addressShower(names) }
    const loopIn = (outcome: Outcome) => loopOf(outcome, ours, { times, tiny: BigInt(tiny) })
    return {
      stateless: true,
      interests: touchInterests([...ours], traces),

      reads: (view) =>
        touchedOutcomes(view).flatMap((outcome) =>
          loopIn(outcome) ? readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known)) : [],
        ),

      detect(observation) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        for (const outcome of touchedOutcomes(observation)) {
          const loop = loopIn(outcome)
          if (!loop) continue
          const balance = lossesOf(observation, movementsOf(outcome), ours, believedIn(outcome, ours, known))
          for (const reason of balance.blind) blind.add(reason)
          const claim = claimLoop(outcome, loop, balance, words)
          if (claim) claims.push(claim)
        }
        return { claims, blind: [...blind] }
      },
    }
  },
})

/** Null: nothing was done so often, or not with so little. */
function loopOf(outcome: Outcome, ours: ReadonlySet<Address>, limits: { times: number; tiny: bigint }): Loop | null {
  const { receipt, calls } = outcome
  if (!receipt || receipt.status === 'reverted') return null
  const moved = movementsOf(outcome).filter(
    ({ amount, from, to, standard }) =>
      (standard === 'erc20' || standard === 'native') && amount < limits.tiny && ours.has(from) !== ours.has(to),
  )
  if (moved.length + freePayments(outcome, ours) < limits.times) return null
  const counts = new Map<string, Loop>()
  const count = (address: Address, what: Hex) => {
    const key = `${address} ${what}`
    counts.set(key, { address, what, times: (counts.get(key)?.times ?? 0) + 1 })
  }
  for (const { kind, from, to, input, reverted } of calls ?? []) {
    if (kind !== 'call' || reverted || to === null || !ours.has(to) || ours.has(from) || input.length < 10) continue
    count(to, input.slice(0, 10) as Hex)
  }
  if (!calls)
    for (const { address, topics } of receipt.logs) if (ours.has(address) && topics[0]) count(address, topics[0])
  const [loop] = [...counts.values()].filter(({ times }) => times >= limits.times).sort((a, b) => b.times - a.times)
  return loop ?? null
}

/** Transfers of nothing to ours: a price that was rounded down to none, of which no balance tells. */
function freePayments({ receipt }: Outcome, ours: ReadonlySet<Address>): number {
  const own = new Set([...ours].map(topicOf))
  const isFree = ({ topics, data }: Log) =>
    topics[0] === transferTopics[0] && topics.length === 3 && own.has(topics[2]!) && /^0x(0{64})$/.test(data)
  return receipt?.logs.filter(isFree).length ?? 0
}

function claimLoop(
  { transaction, receipt }: Outcome,
  { address, what, times }: Loop,
  { losses, paid }: ReturnType<typeof lossesOf>,
  words: { chainId: number; show(address: Address): string },
): Claim | null {
  const material = byShare(losses).filter(
    ({ amount, held }) => held === null || isPercentOf(amount, percent.material, held),
  )
  const [first] = paid ? [] : material
  if (losses.length === 0) return null
  const story = `One transaction did the same to ${words.show(address)} ${times} times over with tiny amounts`
  const grave = material.some((loss) => isLarge(loss, percent.large)) ? 'critical' : 'high'
  return {
    key: `rounding ${address}`,
    transactionHash: transaction.hash,
    address: first?.address ?? address,
    title: first ? `${story}, and ${showLoss(first, words)} was lost` : story,
    facts: {
      ...{ sender: transaction.from, times, what },
      ...lossFacts(losses),
      ...flashLoanFacts(flashLoansOf(movementsOf({ transaction, receipt }), transaction)),
    },
    evidence: first && material.some(({ confirmed }) => confirmed) ? 'hard' : 'soft',
    severity: first ? grave : 'medium',
  }
}

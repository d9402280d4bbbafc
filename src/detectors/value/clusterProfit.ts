import { isDeepStrictEqual } from 'node:util'
import type { Address } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { type PriceBook, priceBook } from '../prices/priceBook.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests } from '../touched.ts'
import { type Act, actOf } from './clusterProfit/actOf.ts'
import { addEarning, type Earning, rememberedEarnings } from './clusterProfit/earnings.ts'
import { claimProfit, dollarsOf, isOrdinary, usedOf } from './clusterProfit/judgeGain.ts'
import { judgeTakings, readsOfTaking } from './clusterProfit/judgeTakings.ts'
import { addMade, rememberedMade } from './clusterProfit/made.ts'
import { type ClusterProfitOptions, clusterProfitOptions } from './clusterProfit/options.ts'

const earningsKey = 'earnings'
const madeKey = 'made'

/**
 * Adds up what those who act together gain by transactions that use the watched contracts, which shows theft also where
 * no token of ours moves; and speaks where a contract of ours took what is somebody else's.
 */
export const clusterProfit = defineDetector<ClusterProfitOptions>({
  id: 'cluster-profit',
  title: 'Tokens taken from people who did nothing, and profit of strangers',
  scenario:
    'A router that users allowed to take their tokens runs any call that it is told: a thief has it take the tokens of each of them. The router holds nothing, so that nothing leaves it.',
  signal:
    'Taken: one of the contracts moved tokens by `transferFrom()` out of somebody who neither called nor signed anything and got nothing, as the caller named him, to a stranger whom he had not allowed it. From `takenPercent` of what he held and `takenUsd` it pages, from a quarter of that it is `medium`, from five owners or ten times `usd` it is `critical`; `medium` where a signature may stand in the calldata. Earned: what the sender and his contracts gain within 25 blocks by transactions that use the contracts, from `usd` on, is `medium`, and `low` where something without a price was given for it.',
  response:
    'Where tokens were taken from people who did nothing, stop the contract and tell everybody to take back what they allowed it: it goes on with the next of them. A profit alone may be an arbitrage or a liquidation: look where it came from.',
  knownLimits: [
    'Without call traces (`traces` as `none`) nothing that was taken is seen; contracts without events need `all`.',
    "Whether a signature in the calldata is the owner's is in no trace, so that one who puts a false one beside gets `medium`.",
    'A contract by which somebody collects what is his, such as the deposit addresses of an exchange, pages.',
    'Liquidators and arbitrageurs earn, too, so that profit alone never pages.',
    'Of profit only tokens that have prices in the config are counted.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: clusterProfitOptions,
  when: 'none',
  needs: ['logs', 'traces', 'state'],

  compile(assignment) {
    const { targets, names, options } = assignment
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const nameAt = new Map(targets.map(({ address, name }) => [address, name]))
    const nameOf = (address: Address) => nameAt.get(address) ?? address
    const show = addressShower(names)
    const book = priceBook(assignment)
    const actsIn = (view: Omit<Observation, 'state'>, memory: Memory): Act[] => {
      const made = new Map(rememberedMade(memory, madeKey))
      return touchedOutcomes(view).flatMap((outcome) => actOf(outcome, { ours, known, made }) ?? [])
    }
    return {
      learns: true,
      interests: [...touchInterests([...ours], options.traces), { kind: 'creation', naming: [...ours] }],
      notes: [
        ...(book.isEmpty ? ['No token of the config has `prices`, so that no profit can be counted.'] : []),
        ...(options.traces === 'none' ? ['Without calls it is not seen who was allowed to take what.'] : []),
      ],

      reads: (view, memory) =>
        actsIn(view, memory).flatMap(({ gain, takings }) => [
          ...[...gain.amounts.keys()].flatMap((token) => book.reads(token)),
          ...takings.flatMap((taking) => readsOfTaking(taking, book)),
        ]),

      detect(observation, memory) {
        const before = rememberedEarnings(memory, earningsKey) ?? []
        const made = rememberedMade(memory, madeKey) ?? []
        const judging: Judging = { observation, options, book, ours, known, blind: new Set(), nameOf, show }
        const claims: Claim[] = []
        let earnings = before
        for (const act of actsIn(observation, memory)) {
          const judged = judgeAct(act, earnings, judging)
          claims.push(...judged.claims)
          earnings = judged.earnings
        }
        const remember: Record<string, Json> = {}
        const nowMade = addMade(made, observation.outcomes, known)
        if (!isDeepStrictEqual(earnings, before)) remember[earningsKey] = earnings
        if (nowMade !== made) remember[madeKey] = nowMade
        return { claims, blind: [...judging.blind], memory: remember }
      },
    }
  },
})

type Judging = {
  observation: Observation
  options: ClusterProfitOptions
  book: PriceBook
  ours: ReadonlySet<Address>
  known: ReadonlySet<Address>
  blind: Set<string>
  nameOf(address: Address): string
  show(address: Address): string
}

/** What was taken is told by itself; what else was earned is added to what the same actors earned of late. */
function judgeAct(act: Act, earnings: Earning[], judging: Judging): { claims: Claim[]; earnings: Earning[] } {
  const { observation, options, book, ours, blind, nameOf } = judging
  const { cluster, gain, outcome } = act
  const gained = [...gain.amounts.values()].some((amount) => amount > 0n)
  const claims = judgeTakings(act.takings, { ...judging, transaction: outcome.transaction, cluster, gained })
  const used = usedOf(act, ours)
  if (claims.length > 0 || !used || isOrdinary(act, judging)) return { claims, earnings }
  const counted = dollarsOf(gain, book, observation)
  for (const reason of counted.unpriced) blind.add(`What was earned by ${nameOf(used)} could not be counted: ${reason}`)
  // What comes to less than a hundredth says nothing, and would be remembered with every block.
  if (Math.abs(counted.dollars) * 100 < options.usd) return { claims, earnings }
  const { number: block } = observation.block
  const added = addEarning(earnings, { actors: [...cluster], block, dollars: counted.dollars })
  const sum = added.at(-1)!
  if (sum.dollars < options.usd || sum.dollars < 2 * sum.told) return { claims, earnings: added }
  const told = { ...sum, told: sum.dollars }
  return { claims: [claimProfit(act, { ...judging, used, sum, counted })], earnings: [...added.slice(0, -1), told] }
}

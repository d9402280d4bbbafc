import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Detection, Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation, Outcome } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import { tokensAmong } from '../../simulation/holdings.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { touchedOutcomes } from '../../touched.ts'
import { netOf } from '../losses.ts'
import {
  attempting,
  attemptsOf,
  callsPerTurn,
  everyBlocks,
  nextTried,
  readsOfAttempts,
  receiversOf,
  type Tried,
  triedAtOnce,
  triedIn,
  turnsOf,
} from './attempts.ts'
import { claimPrimed } from './claimFresh.ts'
import { entriesOf, receiversIn } from './entriesOf.ts'
import { addNet, involves } from './suspects.ts'

type Created = { contract: Address; creator: Address; names: readonly Address[]; score: number; code: Hex }
type View = Omit<Observation, 'state'>
type Words = { chainId: number; percent: number; show(address: Address): string }

/** What new contracts would do, had their creators called them: their functions are tried in simulations. */
export type Trial = {
  reads(created: readonly Created[], view: View, memory: Memory): Read[]
  judge(
    created: readonly Created[],
    observation: Observation,
    memory: Memory,
  ): Required<Omit<Detection, 'cleared' | 'grown' | 'legs' | 'totals'>>
}

export const trialNote = `The functions of a new contract are tried at once, every ${everyBlocks} blocks for an hour and every ${12 * everyBlocks} for a day, by up to ${callsPerTurn} eth_simulateV1 for each of at most ${triedAtOnce} contracts in a block; the provider must know it. What a function does only with arguments of its own is not found.`

/** Remembers that people were told that nothing could be simulated: once is enough, until it works again. */
const unsimulatedKey = 'unsimulated'

export function trialOf({
  ours,
  names,
  words,
}: {
  ours: readonly Address[]
  names: ReadonlyMap<string, Contract>
  words: Words
}): Trial {
  const what = attempting(ours, tokensAmong(names))
  const named = new Set([...names.values()].map(({ address }) => address))
  const own = new Set(ours)
  const dueIn = (created: readonly Created[], view: View, memory: Memory) => {
    const { block } = view
    const fresh = created.map(
      ({ contract, creator, names: [victim], score, code }): Tried => ({
        ...{ contract, creator, victim: victim!, score, time: block.timestamp, turns: 0, told: false, net: [] },
        entries: entriesOf(code)
          .map((entry) => entry.slice(2))
          .join(''),
        receivers: receiversOf(receiversIn(code), named),
      }),
    )
    const outcomes = touchedOutcomes(view)
    const known = [triedIn(memory), fresh].map((list) => list.map((tried) => withNet(tried, outcomes, own)))
    return turnsOf(known[0]!, known[1]!, block)
  }

  return {
    reads: (created, view, memory) => dueIn(created, view, memory).due.flatMap((each) => readsOfAttempts(each, what)),

    judge(created, observation, memory) {
      const turns = dueIn(created, observation, memory)
      const claims: Claim[] = []
      const unseen = new Set<string>()
      const told = new Map<Address, boolean>()
      for (const tried of turns.due) {
        const { attempts, blind } = attemptsOf(tried, what, observation, ({ amount, held }) =>
          isPercentOf(amount, words.percent, held),
        )
        for (const reason of blind) unseen.add(`What new contracts would do could not be simulated: ${reason}`)
        const [worst] = attempts
        if (!worst) continue
        const claim = claimPrimed(tried, worst, { ...words, block: observation.block.number })
        const isGrave = claim.severity === 'high'
        if (isGrave || !tried.told) claims.push(claim)
        told.set(tried.contract, isGrave)
      }
      const wasBlind = memory.get(unsimulatedKey) === true
      const changed = turns.due.length > 0 && wasBlind !== unseen.size > 0
      const remember: Record<string, Json> = {
        ...nextTried(memory, turns, told),
        ...(changed && { [unsimulatedKey]: unseen.size > 0 ? true : null }),
      }
      const left =
        turns.left > 0
          ? [`${turns.left} new contracts were not tried: there are more than ${triedAtOnce} in one block`]
          : []
      return { claims, blind: [...left, ...(wasBlind ? [] : unseen)], memory: remember }
    },
  }
}

function withNet(tried: Tried, outcomes: readonly Outcome[], ours: ReadonlySet<Address>): Tried {
  let { net } = tried
  for (const outcome of outcomes) {
    const movements = movementsOf(outcome)
    const isTheirs = outcome.transaction.from === tried.creator || involves(outcome, movements, tried.contract)
    if (isTheirs) net = addNet(net, netOf(movements, ours))
  }
  return net === tried.net ? tried : { ...tried, net }
}

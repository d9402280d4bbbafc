import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { BlockObservation, Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests } from '../touched.ts'
import { believedIn, lossesOf, netOf, readsOfLosses } from './losses.ts'
import { byShare, lossFacts, showLoss } from './lossWords.ts'
import { pathBook } from './newCallPath/pathBook.ts'
import { type Path, pathOf } from './newCallPath/pathOf.ts'

const options = z.strictObject({
  traces: z
    .enum(['touching', 'all'])
    .default('touching')
    .describe(
      'Whose calls it looks at: `touching` those of the transactions that touch the contracts from outside or by a log, `all` those of every transaction, which is dear and what contracts without events need.',
    ),
  warmUp: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(2_000)
    .describe('After how many transactions it is known which ways are usual, so that it speaks.'),
  days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Or after how many days, where there are few transactions, though at least a hundred.'),
})

type Taken = { outcome: Outcome; path: Path }

const claimsMax = 16

/**
 * Learns the ways that transactions take through our contracts, which are few, and speaks where one that nobody ever took
 * takes something out for which nothing came back. New ways are news by themselves to nobody: each new integration is one.
 */
export const newCallPath = defineDetector<z.output<typeof options>>({
  id: 'new-call-path',
  title: 'A way through the contracts that nobody took before',
  scenario:
    'An exploit calls what everybody calls, in an order that nobody ever had a reason for: a donation inside a redemption, a liquidation inside a flash loan of the same pool.',
  signal:
    'From call traces it learns the ways of transactions through the contracts: who calls what in which order and inside what, callers by their kind. After `warmUp` transactions, or a hundred in `days`, a new way by which something leaves for nothing is `medium`.',
  response:
    'Read the transaction: what does it do between the calls that users make? If it was no new integration of somebody whom you know, simulate it again on the newest block, and be ready to pause.',
  knownLimits: [
    'A theft on a usual way, by arguments alone, is none of it.',
    'A contract with few transactions is silent for weeks.',
    'Each new integration that takes more out than it brings in that transaction, such as a bot that withdraws, is told once.',
    'What left for burned shares, or was paid for with something, is no loss, even if it was too little.',
  ],
  severity: 'medium',
  sign: { stage: 'exploitation', restsOn: 'calls' },
  options,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile({ options: { traces, warmUp, days }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const words = { chainId: chain.id, show: addressShower(names) }
    const bookAt = (memory: Memory, time: number) =>
      pathBook(memory, { transactions: warmUp, seconds: days * 86_400 }, time)
    /** Of what took effect. */
    const takenIn = (view: Pick<BlockObservation, 'block' | 'logs' | 'outcomes'>): Taken[] =>
      touchedOutcomes(view).flatMap((outcome) => {
        const path = outcome.receipt?.status === 'reverted' ? null : pathOf(outcome.calls ?? [], ours)
        return path ? [{ outcome, path }] : []
      })
    return {
      learns: true,
      interests: touchInterests([...ours], traces),
      notes: [
        `It is silent until it has seen ${warmUp} transactions, or a hundred in ${days} days. An upgrade makes new ways; they are learned one by one.`,
      ],

      reads(view, memory) {
        const book = bookAt(memory, view.block.timestamp)
        return takenIn(view).flatMap(({ outcome, path }) => {
          const isNews = book.isWarm() && !book.isKnown(path.shape)
          book.learn(path.shape)
          return isNews ? readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known)) : []
        })
      },

      detect(observation, memory) {
        const claims: Claim[] = []
        const blind = new Set<string>()
        const book = bookAt(memory, observation.block.timestamp)
        for (const { outcome, path } of takenIn(observation)) {
          const isNews = book.isWarm() && !book.isKnown(path.shape)
          book.learn(path.shape)
          const movements = isNews ? movementsOf(outcome) : []
          if (![...netOf(movements, ours).values()].some((amount) => amount > 0n)) continue
          const balance = lossesOf(observation, movements, ours, believedIn(outcome, ours, known))
          for (const reason of balance.blind) blind.add(reason)
          const losses = balance.paid ? [] : balance.losses.filter(({ confirmed }) => confirmed)
          if (losses.length > 0 && claims.length < claimsMax) claims.push(claimPath({ outcome, path }, losses, words))
        }
        return { claims, blind: [...blind], memory: book.changes() }
      },
    }
  },
})

function claimPath(
  { outcome: { transaction }, path }: Taken,
  found: ReturnType<typeof lossesOf>['losses'],
  words: { chainId: number; show(address: Address): string },
): Claim {
  const losses = byShare(found)
  const [first] = losses
  return {
    key: `path ${path.shape}`,
    transactionHash: transaction.hash,
    address: first!.address,
    title: `A transaction took a way through ${words.show(path.entry)} that none took before, and ${showLoss(first!, words)} left ${words.show(first!.address)}`,
    facts: { sender: transaction.from, called: transaction.to, path: path.shown, ...lossFacts(losses) },
    evidence: 'soft',
    confidence: 'low',
  }
}

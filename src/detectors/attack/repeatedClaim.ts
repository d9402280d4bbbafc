import { z } from 'zod'
import { movementsOf } from '../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { Observation, Outcome } from '../../model/observation.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { believedIn, type Loss, lossesOf, readsOfLosses } from './losses.ts'
import { byShare, lossFacts, showLoss } from './lossWords.ts'
import { functionBook, isNews, isOnce, type Lesson, learnNew } from './repeatedClaim/functionBook.ts'
import { allMarksOf, type Marks } from './repeatedClaim/marksOf.ts'
import { type PaidCall, paidCallsOf } from './repeatedClaim/paidCalls.ts'
import { isAgain, type Row, signatureBook } from './replayedSignature/signatureBook.ts'

const options = z.strictObject({
  traces: tracesOption,
  days: z.int().min(1).max(365).default(30).describe('For how many days a claim is remembered.'),
  except: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write the first four bytes of its calldata'))
    .max(100)
    .default([])
    .describe(
      'Selectors of functions that are meant to pay the same claim again, such as wages by the number of a worker.',
    ),
})

const claimsMax = 16
/** What is paid in equal parts by a number, as wages are, is not paid twice a day. */
const againSeconds = 86_400

/** `marks`: at least one. */
type Paid = { call: PaidCall; marks: Marks[]; selector: Hex }
type Books = { claims: ReturnType<typeof signatureBook>; functions: ReturnType<typeof functionBook> }

/**
 * Speaks where a contract pays the same claim a second time: the same proof or number, handed to a function that paid each
 * of them once so far, for the same sum, though nothing was given for it. It needs no getter and no event.
 */
export const repeatedClaim = defineDetector<z.output<typeof options>>({
  id: 'repeated-claim',
  title: 'Claim paid twice',
  scenario:
    'A contract hands out what is on a list, or pays tickets by their number, and forgets to cross one off. Somebody who is on the list sends the same call again, in sums as all others get, until nothing is left.',
  signal:
    'It learns which functions pay each claim once, by words of the calldata that nobody chooses (a proof, which is the same under any number; a hashed id) or a small number. After two proofs or three numbers, the same call that is paid the same sum again pages where nothing came in or was burned and the balances bear it out; a number that comes again after a day is `medium`.',
  response:
    'Pause claims now: each call takes as much again. Compare the two transactions in the facts, and look how the contract writes down what was paid: whoever is on the list can do it.',
  knownLimits: [
    'A function that pays one claim in parts, or in different sums, is never spoken of.',
    'A claim with another proof for the same right, or another sum, is another claim.',
    'It remembers two thousand claims and sixteen functions of each contract, for `days`.',
    'Signatures are for `replayed-signature`.',
    'A salary that is paid twice a day by the number of a worker pages, unless its function stands under `except`.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options: { traces, days, except }, targets, names, chain }) {
    const ours = addressesOf(targets)
    const known = addressesOf([...names.values(), ...targets])
    const spared = new Set(except.map((selector) => selector.toLowerCase()))
    const words = { chainId: chain.id, show: addressShower(names) }
    const booksAt = (memory: Memory, { timestamp }: { timestamp: number }): Books => ({
      claims: signatureBook(memory, timestamp - days * 86_400),
      functions: functionBook(memory),
    })
    return {
      learns: true,
      interests: touchInterests([...ours], traces),
      notes: ['It remembers two thousand claims, and sixteen functions of each contract.'],

      reads(view, memory) {
        const books = booksAt(memory, view.block)
        const seen = new Set<string>()
        return touchedOutcomes(view).flatMap((outcome) => {
          const paid = paidIn(outcome, ours, spared, books)
          const keys = paid.flatMap(({ marks }) => [...new Set(marks.map(({ key }) => key))])
          return isAgain(keys, { seen, book: books.claims })
            ? readsOfLosses(movementsOf(outcome), ours, believedIn(outcome, ours, known))
            : []
        })
      },

      detect(observation, memory) {
        const blind = new Set<string>()
        const books = booksAt(memory, observation.block)
        const claims = touchedOutcomes(observation).flatMap((outcome) => {
          const paid = paidIn(outcome, ours, spared, books)
          if (paid.length === 0) return []
          const again = paid.flatMap((each) => judge(each, outcome, books, observation.block.timestamp))
          return again
            .slice(0, 1)
            .flatMap((each) => claimAgain(each, outcome, { observation, ours, known, blind, words }))
        })
        const left =
          claims.length > claimsMax ? [`${claims.length - claimsMax} more claims were paid twice in one block.`] : []
        return {
          claims: claims.slice(0, claimsMax),
          blind: [...blind, ...left],
          memory: { ...books.claims.changes(), ...books.functions.changes() },
        }
      },
    }
  },
})

/** No token was given up for it: what was redeemed may be so again. */
function paidIn(
  outcome: Outcome,
  ours: ReadonlySet<Address>,
  spared: ReadonlySet<string>,
  { functions }: Books,
): Paid[] {
  const calls = paidCallsOf(outcome, ours).filter(({ input }) => !spared.has(input.slice(0, 10)))
  if (calls.length === 0) return []
  // Whoever claims can burn a token of his own beside: it counts where it is ours, or ours had it burned.
  const isOurs = (asset: Address | 'native') =>
    ours.has(asset as Address) ||
    (outcome.calls?.some(({ from, to, reverted }) => to === asset && ours.has(from) && !reverted) ?? true)
  const isPrice = movementsOf(outcome).some(({ asset, to }) => to === zeroAddress && isOurs(asset))
  if (isPrice) return []
  return calls.flatMap((call) => {
    const selector = call.input.slice(0, 10) as Hex
    const marks = allMarksOf(call, functions.lesson(call.target, selector).words)
    return marks.length > 0 ? [{ call, marks, selector }] : []
  })
}

type Again = { call: PaidCall; marks: Marks; selector: Hex; first: Row; isSoon: boolean }

/** Writes a claim into the books, and says whether it was paid before. */
function judge(
  { call, marks: all, selector }: Paid,
  { transaction }: Outcome,
  { claims, functions }: Books,
  time: number,
): Again[] {
  const { target } = call
  const lesson = functions.lesson(target, selector)
  const known = all.flatMap((marks) => claims.find(marks.key) ?? [])
  const same = all.find((marks) => known.some(({ key, call }) => key === marks.key && call === marks.call))
  const marks = same ?? all[0]!
  const first = claims.find(marks.key)
  const lost = call.paid.map(([asset, amount]): Row['lost'][number] => [asset, amount.toString()])
  if (!first) {
    for (const { key, call: whole } of all)
      claims.add({ key, call: whole, once: false, transaction: transaction.hash, time, lost })
    functions.learn(target, selector, learnNew(lesson, marks, call))
    return []
  }
  const isSame = same !== undefined && JSON.stringify(first.lost) === JSON.stringify(lost)
  if (!isSame || !isOnce(lesson, marks.kind)) return unlearned({ ...lesson, otherwise: lesson.otherwise + 1 })
  if (!isNews(lesson)) return unlearned({ ...lesson, otherwise: 1 })
  functions.learn(target, selector, { ...lesson, told: lesson.told + 1 })
  return [{ call, marks, selector, first, isSoon: time - first.time < againSeconds }]

  function unlearned(otherwise: Lesson): [] {
    functions.learn(target, selector, otherwise)
    return []
  }
}

type Judging = {
  observation: Observation
  ours: ReadonlySet<Address>
  known: ReadonlySet<Address>
  blind: Set<string>
  words: { chainId: number; show(address: Address): string }
}

function claimAgain(
  { call: { target }, marks, selector, first, isSoon }: Again,
  outcome: Outcome,
  { observation, ours, known, blind, words }: Judging,
): Claim[] {
  const { transaction } = outcome
  const balance = lossesOf(observation, movementsOf(outcome), ours, believedIn(outcome, ours, known))
  for (const reason of balance.blind) blind.add(reason)
  const losses: Loss[] = byShare(balance.losses)
  const [loss] = losses
  // Dust that comes in is no price, which only what was held before tells.
  if (!loss || balance.paid) return []
  const isGrave = loss.confirmed && (marks.kind === 'proof' || isSoon)
  return [
    {
      key: `claim ${marks.key}`,
      transactionHash: transaction.hash,
      address: target,
      title: `${words.show(target)} paid a claim again that it had paid before, and ${showLoss(loss, words)} was lost`,
      facts: {
        ...{ sender: transaction.from, function: selector, firstTransaction: first.transaction },
        ...lossFacts(losses),
      },
      evidence: loss.confirmed ? 'hard' : 'soft',
      ...(!isGrave && { severity: 'medium' as const }),
      group: `claims ${target}`,
    },
  ]
}

import { z } from 'zod'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { BlockObservation, Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { isPercentOf, showPercent } from '../tokens/amounts.ts'
import { nativeBalance, readAmount, tokenBalance, totalSupply } from '../tokens/balances.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import {
  isLearned,
  type Lesson,
  learn,
  learnUnpaid,
  lessonsKey,
  lessonsOf,
  type PaidWith,
} from './unpaidDeposit/lessons.ts'
import { givenIn, isNearly, paymentOf, type Telling, tellingsIn } from './unpaidDeposit/tellings.ts'

const options = z.strictObject({
  traces: tracesOption,
  percent: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('From so many percent of what is held, or of the supply of what is burned, it speaks.'),
  criticalPercent: z.number().positive().max(100).default(10).describe('From so many percent it is `critical`.'),
})
type Options = z.output<typeof options>

const claimsMax = 16
/** What goes on is no news. */
const unpaidMax = 8

/**
 * Learns which events tell of something that somebody gave in the same transaction, each time just so much, and speaks where
 * one of them tells of what nobody gave: whatever the contract or a service behind it credits for that was never paid.
 */
export const unpaidDeposit = defineDetector<Options>({
  id: 'unpaid-deposit',
  title: 'Deposit that nobody paid',
  scenario:
    'A bridge tells of a deposit that never came: a transfer that failed was not looked at, or a number was cut off on its way to the token. No coin moves; hours later the thief is paid for it, here or on another chain, as the rules say.',
  signal:
    'Of each event and the function that tells it, it learns which numbers are what somebody gave in the same transaction, after three that were paid just so. It pages where such an event tells of `percent` of what the recipient holds (or of the supply of what is burned) and less than half of it was given, `critical` from `criticalPercent`; after eight of them, which is how the contract works then, it is `medium`.',
  response:
    'Hold back what is credited or paid for the deposit in the facts, here and on other chains, and pause deposits. Then look how the contract learns what it was given.',
  knownLimits: [
    'Deposits that are told less a fee never match what was given, and are not learned.',
    'An event that another contract tells about the watched one is not read.',
    'A function that was never seen to be paid, such as one that puts a reward back in, is not judged.',
    'The first three deposits by a function teach what is right.',
    'A deposit of less than `percent`, many times over, stays silent.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options, targets, names }) {
    const ours = addressesOf(targets)
    const nameAt = new Map(targets.map(({ address, name }) => [address, name]))
    const sides: Sides = { ours, trusted: addressesOf([...names.values(), ...targets]) }
    const judging = { options, nameAt, show: addressShower(names) }
    return {
      learns: true,
      interests: touchInterests([...ours], options.traces),
      notes: ['It knows an event once it was paid three times, each time just so much as one of its numbers says.'],
      reads: (view, memory) =>
        unpaidIn(view, memory, sides).flatMap(({ lesson, telling }) => paidWith(lesson, telling).map(heldRead)),

      detect(observation, memory) {
        const blind = new Set<string>()
        const unpaid = unpaidIn(observation, memory, sides)
        const claims = unpaid.flatMap((each) => judge(each, { ...judging, observation, blind }) ?? [])
        if (claims.length > claimsMax)
          blind.add(`${claims.length - claimsMax} more deposits in one block were not paid.`)
        return { claims: claims.slice(0, claimsMax), blind: [...blind], memory: learnAll(observation, memory, sides) }
      },
    }
  },
})

type View = Pick<BlockObservation, 'block' | 'logs' | 'outcomes'>
type Sides = { ours: ReadonlySet<Address>; trusted: ReadonlySet<Address> }
type Unpaid = { telling: Telling; lesson: Lesson; amount: bigint }

/** By what was known before the block. */
function unpaidIn(view: View, memory: Memory, { ours, trusted }: Sides): Unpaid[] {
  return touchedOutcomes(view).flatMap((outcome) => {
    const all = givenIn(outcome, ours)
    return tellingsIn(outcome, ours).flatMap((telling): Unpaid[] => {
      const lesson = lessonsOf(memory, telling.target)[telling.name]
      if (!isLearned(lesson)) return []
      const given = all.filter(({ asset }) => counts(asset, lesson, telling, trusted))
      const amounts = lesson.places.map((place) => telling.words[place] ?? 0n).filter((amount) => amount > 0n)
      const isPaid = (amount: bigint) => paymentOf(amount, given) !== undefined || isNearly(amount, given)
      const [amount] = amounts.toSorted((a, b) => (a < b ? -1 : 1))
      return amount === undefined || amounts.some(isPaid) ? [] : [{ telling, lesson, amount }]
    })
  })
}

/** Whoever tells of nothing can have a token of his own tell of a transfer beside, unless the event is about that one. */
const counts = (
  asset: Address | 'native',
  { first }: Lesson,
  telling: Telling,
  trusted: ReadonlySet<Address>,
): boolean =>
  asset === 'native' || trusted.has(asset) || first.some((each) => each.asset === asset) || names(telling, asset)

const names = ({ log: { topics, data } }: Telling, asset: Address): boolean =>
  `${topics.join('')}${data}`.includes(asset.slice(2))

function learnAll(view: View, memory: Memory, { ours, trusted }: Sides): Record<string, Json> {
  const before = new Map([...ours].map((target) => [target, lessonsOf(memory, target)]))
  const after = new Map(before)
  const unpaid = new Set(unpaidIn(view, memory, { ours, trusted }).map(({ telling }) => telling.log.logIndex))
  for (const outcome of touchedOutcomes(view)) {
    const given = givenIn(outcome, ours)
    for (const { target, name, log, words } of tellingsIn(outcome, ours)) {
      const own = after.get(target)!
      const found = words.flatMap((word, place) => {
        const payment = word > 0n ? paymentOf(word, given) : undefined
        return payment ? [{ place, asset: payment.asset, to: payment.to }] : []
      })
      // An event that says zero where it else says how much says nothing of whether it is paid.
      const isEmpty = own[name]?.places.every((place) => (words[place] ?? 0n) === 0n) ?? false
      if (isEmpty && own[name]!.places.length > 0) continue
      const payments = found.map(({ asset, to }): PaidWith => ({ asset, to }))
      const places = found.map(({ place }) => place)
      const isOdd = unpaid.has(log.logIndex) && own[name]!.unpaid < unpaidMax
      after.set(target, isOdd ? learnUnpaid(own, name) : learn(own, name, { places, payments }))
    }
  }
  return Object.fromEntries(
    [...after].flatMap(([target, own]) => (own === before.get(target) ? [] : [[lessonsKey(target), own]])),
  )
}

/** Of the asset that the event names, else of the first: with what it was paid, and to whom. */
function paidWith({ first }: Lesson, telling: Telling): PaidWith[] {
  const named = first.filter(({ asset }) => asset !== 'native' && names(telling, asset))
  return named.length > 0 ? named : first.filter(({ asset }) => asset === first[0]!.asset)
}

function heldRead({ asset, to }: PaidWith): Read {
  if (asset === 'native') return nativeBalance(to, 'parent')
  return to === zeroAddress ? totalSupply(asset, 'parent') : tokenBalance(asset, to, 'parent')
}

type Judging = {
  observation: Observation
  options: Options
  nameAt: ReadonlyMap<Address, string>
  blind: Set<string>
  show(address: Address): string
}

const byHeld = (a: { held: bigint }, b: { held: bigint }): number => (a.held > b.held ? -1 : 1)

function judge(
  { telling, lesson, amount }: Unpaid,
  { observation, options, nameAt, blind, show }: Judging,
): Claim | null {
  const answers = paidWith(lesson, telling).map((paid) => ({ paid, ...readAmount(observation, heldRead(paid)) }))
  for (const each of answers)
    if (each.amount === null && each.blind) blind.add(`What a deposit would be of could not be read: ${each.blind}`)
  const [most] = answers.flatMap(({ paid, amount: held }) => (held ? [{ paid, held }] : [])).toSorted(byHeld)
  if (!most || !isPercentOf(amount, options.percent, most.held)) return null
  const { paid, held } = most
  const { target, log } = telling
  const transaction = observation.block.transactions[log.transactionIndex]
  const name = nameAt.get(target) ?? target
  const what = paid.asset === 'native' ? 'native coins' : show(paid.asset)
  const share = amount > held ? 'more than all' : showPercent(amount, held)
  const whole = paid.to === zeroAddress ? `the supply of ${what}` : `the ${what} there are`
  return {
    key: `unpaid ${target} ${log.position}`,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
    address: target,
    title: `${name} told of a deposit of ${share} of ${whole}, and nobody gave anything like it`,
    facts: {
      ...{ sender: transaction?.from ?? null, event: log.topics[0]!, amount: String(amount), asset: paid.asset },
      ...{ held: String(held), paidBefore: lesson.told },
    },
    evidence: 'hard',
    confidence: 'medium',
    ...(lesson.unpaid >= unpaidMax
      ? { severity: 'medium' as const }
      : isPercentOf(amount, options.criticalPercent, held) && { severity: 'critical' as const }),
    group: `unpaid ${target}`,
  }
}

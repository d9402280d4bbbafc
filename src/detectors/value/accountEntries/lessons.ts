import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import { hexShape, remembered } from '../../remembered.ts'
import type { Falls } from './entries.ts'

/** What use has taught of the entries of one contract for one asset. Plain data. */
const lessonsShape = z.object({
  /** By entry: how often it fell by what was paid and rose by what was put in, and how often it moved otherwise. */
  entries: z.record(z.string(), z.tuple([z.number(), z.number()])),
  /** Likewise, how often it rose by what was paid or fell by what was put in, and how often the latter. */
  debts: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])).exactOptional(),
  /** Dealings that the known entries did not bear: the first of them teach nothing, or a thief could make them unbelieved. */
  odd: z.number().exactOptional(),
  /** Functions that paid what they took off an entry. */
  paying: z.array(hexShape),
  /** Payments to somebody of whom far more stood there than was held: of whoever lends out what is brought to it. */
  overdrawn: z.number().exactOptional(),
})
export type Lessons = z.output<typeof lessonsShape>
export const rememberedLessons = remembered(lessonsShape)

export const lessonsKey = (target: Address, asset: Address | 'native') => `lessons ${target} ${asset}`

export const lessonsOf = (memory: Memory, target: Address, asset: Address | 'native'): Lessons =>
  rememberedLessons(memory, lessonsKey(target, asset)) ?? noLessons

export const noLessons: Lessons = { entries: {}, paying: [] }

/** Times that an entry must have agreed before it is believed, and how many times as often as not. */
const agreedMin = 4
/** Times that are enough for an entry that never moved otherwise, and falls by exactly what is paid. */
const agreedLikely = 2
const agreedTimes = 10
/** No more is counted, so that what has changed is noticed within as many days as it took to learn it. */
const countMax = 200
const entriesMax = 32
const debtsMax = 8
const payingMax = 16

export const isKnown = ([agreed, otherwise]: [number, number]): boolean =>
  agreed >= agreedMin && agreed >= agreedTimes * otherwise

/** What only ever rises counts what was paid, and is owed to nobody. */
export const isDebt = ([agreed, otherwise, repaid]: [number, number, number]): boolean =>
  isKnown([agreed, otherwise]) && repaid > 0

const oddMax = 8
/** Of what was paid, the part that may come on top of what the entry bears, such as a reward. */
export const partOfPaid = 4n

/** A reward grows until the moment in which it is paid, while its entry is read as it was a block before: at most a hundredth. */
const grownOf = 100n
const hasGrown = (own: bigint, paid: bigint): boolean => own > 0n && own < paid && (paid - own) * grownOf <= paid

const isMostOf = (fall: bigint, paid: bigint) => paid > 0n && fall < paid && (paid - fall) * partOfPaid < paid

/**
 * @param paid What the contract paid in one dealing, less what it got.
 * @param made What a token made for them at its word: that may be owed, and is paid out of no entry.
 * @param isOdd The known entries do not bear it.
 */
export function learn(
  lessons: Lessons,
  falls: Falls,
  { paid, made = 0n, selectors, isOdd }: { paid: bigint; made?: bigint; selectors: readonly Hex[]; isOdd: boolean },
): Lessons {
  const { odd = 0 } = lessons
  if (isOdd && odd < oddMax) return { ...lessons, odd: odd + 1 }
  const debts = paid + made === 0n ? lessons.debts : learnDebts(lessons.debts, falls, paid + made)
  if (paid === 0n) return debts === lessons.debts ? lessons : { ...lessons, ...(debts && { debts }) }
  const entries = { ...lessons.entries }
  let agrees = false
  for (const [name, { own, all }] of falls) {
    if ((own === 0n && all === 0n) || (!entries[name] && Object.keys(entries).length >= entriesMax)) continue
    const [agreed, otherwise] = entries[name] ?? [0, 0]
    const isSame = own === paid || all === paid || hasGrown(own, paid)
    agrees ||= isSame
    // A reward on top says nothing against the entry, and nothing for it.
    if (!isSame && (isMostOf(own, paid) || isMostOf(all, paid))) continue
    const counts: [number, number] = isSame ? [agreed + 1, otherwise] : [agreed, otherwise + 1]
    const isFull = counts[0] + counts[1] > countMax
    entries[name] = isFull ? [Math.ceil(counts[0] / 2), Math.ceil(counts[1] / 2)] : counts
  }
  // Of several functions called at once nobody knows which one paid.
  const isPaying = agrees && paid > 0n && selectors.length === 1 && !lessons.paying.includes(selectors[0]!)
  return {
    ...lessons,
    entries,
    ...(debts && { debts }),
    paying: isPaying ? [...lessons.paying, selectors[0]!].slice(-payingMax) : lessons.paying,
  }
}

/** Only what rose by what was paid once may be one. */
function learnDebts(known: Lessons['debts'], falls: Falls, paid: bigint): Lessons['debts'] {
  if ([...falls.values()].every(({ own, all }) => own === 0n && all === 0n)) return known
  const debts: NonNullable<Lessons['debts']> = { ...known }
  for (const [name, { own, all }] of falls) {
    const isSame = own === -paid || all === -paid
    if ((own === 0n && all === 0n) || (!debts[name] && (!isSame || Object.keys(debts).length >= debtsMax))) continue
    const [agreed, otherwise, repaid] = debts[name] ?? [0, 0, 0]
    const counts = isSame ? [agreed + 1, otherwise, paid < 0n ? repaid + 1 : repaid] : [agreed, otherwise + 1, repaid]
    const isFull = counts[0]! + counts[1]! > countMax
    debts[name] = (isFull ? counts.map((count) => Math.ceil(count / 2)) : counts) as [number, number, number]
  }
  return Object.keys(debts).length > 0 ? debts : known
}

export type Verdict = {
  /** What was paid that no entry bears. */
  unborne: bigint
  /** Another entry moved by as much, as a debt does by what is borrowed. */
  isExplained: boolean
  /** What was paid or credited beyond what the entries bear and the payments explain; zero: nothing. */
  excess: bigint
  kind: 'paid' | 'credited'
  /** What stood before in a known entry that bore some of it. */
  stood: bigint
}

/** What the entries that are known say of a dealing; null: none is known, and none that is likely bears it. */
export function judgeDealing(
  { entries, paying }: Lessons,
  falls: Falls,
  { paid, selectors }: { paid: bigint; selectors: readonly Hex[] },
): Verdict | null {
  const known = [...falls].filter(([name]) => entries[name] && isKnown(entries[name]))
  if (known.length === 0) return isLikelyBorne(entries, falls, paid) ? { ...nothingOdd } : null
  // Who is only named may pay for another, and is no receiver: what an owner writes down for others is his own affair.
  const borne = known.flatMap(([, { own, all }]) => [own, all]).reduce((most, fall) => (fall > most ? fall : most))
  const excess = positive(paid - borne)
  const unborne = paid <= 0n ? 0n : excess > paid ? paid : excess
  // Whoever borrows has a debt written down for it, and whoever moves what is his from one entry to another has as much.
  const isExplained = [...falls].some(
    ([name, { own, all }]) => !known.some(([each]) => each === name) && (abs(own) === excess || abs(all) === excess),
  )
  const isCredit = borne < 0n
  const isPaying = selectors.some((each) => paying.includes(each))
  const isOdd = excess > 0n && !isExplained && (isCredit || isPaying)
  const stood = known.reduce((most, [, each]) => (each.stood > most ? each.stood : most), 0n)
  return { unborne, isExplained, excess: isOdd ? excess : 0n, kind: isCredit ? 'credited' : 'paid', stood }
}

/** Who lends out or invests what is brought to it holds less than it owes, and seldom a tenth of what it owes one. */
const stoodTimes = 10n
const overdrawnMax = 3

/** Whether somebody was paid out of an entry that nobody can have paid in, as far as is known of the contract. */
export const isOverdrawn = ({ overdrawn = 0 }: Lessons, { stood }: Verdict, held: bigint): boolean =>
  stood > stoodTimes * held && overdrawn < overdrawnMax

export const afterOverdraft = (lessons: Lessons): Lessons => ({ ...lessons, overdrawn: (lessons.overdrawn ?? 0) + 1 })

const nothingOdd: Verdict = { unborne: 0n, isExplained: true, excess: 0n, kind: 'paid', stood: 0n }

/** The first who leave a young contract take out what two others were seen to put in the same way. */
const isLikelyBorne = (entries: Lessons['entries'], falls: Falls, paid: bigint): boolean =>
  paid > 0n &&
  [...falls].some(([name, { own, all }]) => {
    const [agreed, otherwise] = entries[name] ?? [0, 0]
    return agreed >= agreedLikely && otherwise === 0 && (own === paid || all === paid)
  })

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n)
const abs = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

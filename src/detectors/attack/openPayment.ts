import { z } from 'zod'
import { zeroAddress } from '../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { defineDetector } from '../../model/detector.ts'
import type { Claim } from '../../model/finding.ts'
import type { BlockObservation, Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { addressesOf } from '../addressesOf.ts'
import { addressShower } from '../showAddress.ts'
import { allowance, readAmount, tokenBalance, totalSupply } from '../tokens/balances.ts'
import { decimalsIn, decimalsOf } from '../tokens/tokenBook.ts'
import { touchedOutcomes, touchInterests, tracesOption } from '../touched.ts'
import { believedIn, type Loss, lossesOf, readsOfLosses } from './losses.ts'
import { isLarge, lossFacts, showLoss } from './lossWords.ts'
import { type Books, booksIn, type Habit } from './openPayment/books.ts'
import { enteredIn, isPlayable, isTaken, type Payment, paymentsIn } from './openPayment/paymentsIn.ts'
import { type Records, recordsIn } from './openPayment/records.ts'
import { isOpen, trialBy } from './openPayment/trialBy.ts'

const options = z.strictObject({
  traces: tracesOption,
  percent: z.number().positive().max(100).default(1).describe('From so many percent of what was held it speaks.'),
  criticalPercent: z.number().positive().max(100).default(10).describe('From so many percent it is `critical`.'),
  records: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write four bytes as hex, such as 0x6352211e'))
    .max(4)
    .default([])
    .describe(
      'Selectors of functions that say whose something is by its number, such as `0x6352211e` of `ownerOf(uint256)`. Which of them name who is paid, use will teach.',
    ),
})
type Options = z.output<typeof options>

/** In one block: each costs a simulation. */
const triedMax = 24
/** After so many transactions a function that never paid, called by somebody who was never seen, is news. */
const seenMin = 10
/** How often one function paid one caller before it is known to be for him. */
const ownMin = 3
/** After so many pages of one function people know, unless it is critical. */
const toldMax = 4

/**
 * Plays each payment again as if somebody had asked for it whom nobody knows, in the block before and with himself in the
 * place of who was paid. Where he would have been paid as well, nothing but the asking was asked for. Speaks where that is
 * not how the function is used: it refused others so far, was called by one account only, or never paid before; or where
 * the contract has written down somebody else for whom it is, as it had not with all payments so far.
 */
export const openPayment = defineDetector<Options>({
  id: 'open-payment',
  title: 'Payment that anybody can have',
  scenario:
    'A function that moves money forgot to ask who calls it: it runs any call that it is told, takes tokens from whoever is named, or lets anybody be made its owner first. A thief asks politely, in parts that look like use.',
  signal:
    'Each payment out of the contracts is played again in the block before by an account that nobody knows, in the place of who called and who was paid. Where it would get at least half as much it pages from `percent` of what was held, `critical` from `criticalPercent`, if that is not how the function is used: it refused others so far, paid one caller only, or never paid before and the sender is new. Tokens of a holder who had not allowed it, also shares that are burned for what a stranger gets, are `critical`, however little. What is made of a token for nothing is played again, too. Where the getters under `records` always named who asked or was paid, three times and two people, a payment to somebody else pages; after four pages about one function it is `medium`.',
  response:
    'Pause the contract now, or take the money out by the same call yourself: whoever reads the transaction can do it again. Revoke approvals that people gave it.',
  knownLimits: [
    'What is open only to who pays first, or only within another call of the same transaction, is not found.',
    'What a thief made ready through another account is not played with it.',
    'Of a function that many may call, such as a faucet, nothing is told, though it may pay too much.',
    'Payments in tokens that neither the config names nor the contracts called are not tried; those among more than 64 calls or 64 KB are told as blindness.',
    '24 payments in a block are tried at most, and none where the provider knows no eth_simulateV1.',
    'Numbers that begin above two, or are hashes, have no `records` that `tocsin init` can find.',
    'The first use of a function that is meant for everybody, such as a new airdrop, pages where it pays `percent`.',
  ],
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'power' },
  options,
  when: 'none',
  needs: ['calldata', 'logs', 'state', 'traces'],

  compile({ options, targets, names, chain }) {
    const sides = { ours: addressesOf(targets), known: addressesOf([...names.values(), ...targets]) }
    const words = { chainId: chain.id, show: addressShower(names) }
    const getters = options.records.map((selector) => selector.toLowerCase() as Hex)
    return {
      learns: true,
      simulates: true,
      interests: touchInterests([...sides.ours], options.traces),
      notes: ['Each payment is played again by one eth_simulateV1; the provider must know it.'],

      reads(view, memory) {
        const [books, records] = [booksIn(memory), recordsIn(memory, getters)]
        const { tried } = triedIn(view, sides, { books, records })
        return tried.flatMap((payment) => readsOf(payment, { ...sides, books, records, view }))
      },

      detect(observation, memory) {
        const [books, records] = [booksIn(memory), recordsIn(memory, getters)]
        const { tried, left } = triedIn(observation, sides, { books, records })
        const judging: Judging = { observation, ...sides, books, records, options, words, blind: new Set() }
        const claims = tried.flatMap((payment) => judge(payment, judging))
        learnOthers(judging)
        if (left > 0) judging.blind.add(`${left} more payments in one block were not played again.`)
        return { claims, blind: [...judging.blind], memory: { ...books.changes(), ...records.changes() } }
      },
    }
  },
})

type View = Pick<BlockObservation, 'block' | 'logs' | 'outcomes'>
/** `known`: contracts of the config. */
type Sides = { ours: ReadonlySet<Address>; known: ReadonlySet<Address> }
type Judging = Sides & {
  observation: Observation
  books: Books
  records: Records
  options: Options
  words: { chainId: number; show(address: Address): string }
  blind: Set<string>
}

function triedIn(
  view: View,
  { ours, known }: Sides,
  { books, records }: Pick<Judging, 'books' | 'records'>,
): { tried: Payment[]; left: number } {
  // A function that is known to pay whoever asks need not be tried again and again.
  const all = touchedOutcomes(view)
    .flatMap((outcome) => paymentsIn(outcome, ours, believedIn(outcome, ours, known)))
    .filter((payment) => !isKnownOpen(payment, books) || records.follows(nameOf(payment)))
  const fit = all.filter(isPlayable)
  // Whoever works for them day by day may well hand in long batches.
  const odd = all.filter((payment) => !isPlayable(payment) && !books.knows(payment.outcome.transaction.from))
  return { tried: fit.slice(0, triedMax), left: Math.max(0, fit.length - triedMax) + odd.length }
}

const stepsFor = ({ outcome }: Payment, books: Books, { block }: View) =>
  books.stepsOf(outcome.transaction.from, block.timestamp)

const leave = (token: Address, holder: Address, spender: Address): Read => allowance(token, holder, spender, 'parent')

function readsOf(
  payment: Payment,
  { ours, known, books, records, view }: Sides & Pick<Judging, 'books' | 'records'> & { view: View },
): Read[] {
  const { token, holder, movements, outcome } = payment
  const trial = isKnownOpen(payment, books) ? [] : [trialBy(payment, stepsFor(payment, books, view))]
  if (holder === null || token === 'native') {
    const losses = readsOfLosses(movements, ours, believedIn(outcome, ours, known))
    return [...trial, ...losses, ...records.reads(nameOf(payment), payment)]
  }
  const spenders = isTaken(payment) ? spendersOf(payment).map((each) => leave(token, holder, each)) : []
  return [...trial, ...heldReads(token, holder), decimalsOf(token), ...spenders]
}

/** What the holder had of it; of what was made, all that there was. */
const heldReads = (token: Address, holder: Address): Read[] =>
  (['parent', 'block'] as const).map((at) =>
    holder === zeroAddress ? totalSupply(token, at) : tokenBalance(token, holder, at),
  )

/** Who had a token of ours move what is another's. */
const spendersOf = ({ entered, token }: Payment): Address[] => [
  ...new Set(entered.flatMap(({ from, to }) => (to === token ? [from] : []))),
]

/** Which function pays. */
const nameOf = ({ asking: { to, data } }: Payment): string => `${to} ${data.slice(0, 10)}`

function judge(payment: Payment, judging: Judging): Claim[] {
  const { observation, books, records, options, blind } = judging
  const loss = payment.holder === null ? lossOf(payment, judging) : takenFrom(payment, judging)
  if (!loss?.confirmed) return []
  const open = isKnownOpen(payment, books) || isOpen(payment, stepsFor(payment, books, observation), observation)
  if (typeof open !== 'boolean') {
    blind.add(`Whether anybody could have had a payment could not be tried: ${open.blind}`)
    return []
  }
  const { from } = payment.outcome.transaction
  const name = nameOf(payment)
  const habit = books.habit(name)
  const whose = payment.holder === null ? records.ownerOf(name, payment, observation) : null
  const isNews = open && (isTaken(payment) || whose !== null || isUnusual(habit, from, books))
  const isTold = isNews && isLarge(loss, options.percent)
  // What is too little to tell of teaches nothing, or a thief would ask for a little first.
  if (isTold || !isNews) books.learn(name, from, { open, told: isTold })
  if (payment.holder === null && !isTold) records.learn(name, payment, observation)
  return isTold ? [claimOf(payment, loss, { ...judging, habit, whose })] : []
}

const isKnownOpen = (payment: Payment, books: Books): boolean =>
  !isTaken(payment) && isForMany(books.habit(nameOf(payment)))

const isForMany = (habit: Habit | undefined): boolean => habit !== undefined && habit.open.length > 1

/** Not how the function is used, as far as that is known. */
function isUnusual(habit: Habit | undefined, sender: Address, books: Books): boolean {
  if (!habit || habit.paid === 0) return (habit?.told ?? 0) > 0 || (books.seen >= seenMin && !books.knows(sender))
  if (habit.open.includes(sender)) return false
  if (habit.open.length === 0) return habit.closed > 0
  return habit.closed === 0 && habit.open.length === 1 && habit.paid >= ownMin
}

/** What ours lost of that token. */
function lossOf(
  { movements, token, outcome }: Payment,
  { observation, ours, known, blind }: Judging,
): Loss | undefined {
  const balance = lossesOf(observation, movements, ours, believedIn(outcome, ours, known))
  for (const reason of balance.blind) blind.add(reason)
  return balance.losses.find((each) => each.token === token)
}

/** What was made, or taken from somebody who had not allowed it; undefined: he had, or nobody can say. */
function takenFrom(payment: Payment, { observation, blind }: Judging): Loss | undefined {
  const { token, holder, amount } = payment
  if (holder === null || token === 'native') return undefined
  const [before, after] = heldReads(token, holder).map((read) => readAmount(observation, read))
  const allowed = (isTaken(payment) ? spendersOf(payment) : []).map((each) =>
    readAmount(observation, leave(token, holder, each)),
  )
  for (const each of [before!, after!, ...allowed]) {
    if (each.amount === null && each.blind)
      blind.add(`What ${holder} held and allowed could not be read: ${each.blind}`)
  }
  const isAllowed = allowed.some((each) => each.amount === null || each.amount >= amount)
  if (isAllowed || before?.amount == null || after?.amount == null) return undefined
  const decimals = decimalsIn(observation.state(decimalsOf(token)))
  const fell = before.amount - after.amount
  const confirmed = (isTaken(payment) ? fell : -fell) >= amount
  const address = isTaken(payment) ? holder : token
  return { token, decimals, amount, gross: amount, held: before.amount, confirmed, address }
}

/** Who was there, and who called ours without anything moving, which may be how a payment is made ready. */
function learnOthers({ observation, ours, books }: Judging): void {
  for (const outcome of touchedOutcomes(observation)) {
    const entered = enteredIn(outcome, ours)
    if (entered.length === 0) continue
    const { from } = outcome.transaction
    const isQuiet = entered.every(({ value }) => value === 0n) && paymentsIn(outcome, ours, null).length === 0
    if (isQuiet) books.ready(from, observation.block.timestamp, entered)
    books.meet(from)
  }
}

function claimOf(
  payment: Payment,
  loss: Loss,
  { options, words, habit, whose }: Judging & { habit: Habit | undefined; whose: Address | null },
): Claim {
  const { transaction } = payment.outcome
  const { to, data } = payment.asking
  const isGrave = isTaken(payment) || isLarge(loss, options.criticalPercent)
  const isStale = !isGrave && (habit?.told ?? 0) >= toldMax
  return {
    key: `open ${to} ${data.slice(0, 10)} ${loss.token}`,
    transactionHash: transaction.hash,
    address: to,
    title: titleOf(payment, loss, { words, whose }),
    facts: {
      ...{ sender: transaction.from, function: data.slice(0, 10) },
      ...(isTaken(payment) && { holder: payment.holder }),
      ...(whose !== null && { writtenFor: whose }),
      ...{ refusedOthersBefore: habit?.closed ?? 0, paidBefore: habit?.paid ?? 0 },
      ...lossFacts([loss]),
    },
    evidence: 'hard',
    ...(isGrave ? { severity: 'critical' as const } : isStale ? { severity: 'medium' as const } : {}),
    group: `open ${to}`,
  }
}

function titleOf(
  payment: Payment,
  loss: Loss,
  { words, whose }: Pick<Judging, 'words'> & { whose: Address | null },
): string {
  const name = words.show(payment.asking.to)
  const shown = showLoss(loss, words)
  const open = `for a call by ${words.show(payment.outcome.transaction.from)} that anybody could have made for himself`
  if (payment.holder === null)
    return `${name} paid ${shown} ${open}${whose === null ? '' : `, though it had written it down for ${words.show(whose)}`}`
  if (!isTaken(payment)) return `${name} made ${shown} ${open}`
  return `${name} let somebody take ${shown} from ${words.show(payment.holder)}, who had not allowed it; anybody could have`
}

import { nativeSymbol } from '../../../evm/nativeSymbol.ts'
import type { Address } from '../../../model/chain.ts'
import type { Detection, Memory } from '../../../model/detector.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { PriceBook, Worth } from '../../prices/priceBook.ts'
import { type Amount, kindBalance, kindMin, readAmount, tokenBalance } from '../../tokens/balances.ts'
import { nativeDecimals, type TokenLabel, type tokenBook } from '../../tokens/tokenBook.ts'
import { type Flow, flowKey } from './blockFlows.ts'
import { claimOutflow, groupOf } from './claimOutflow.ts'
import { type Crossing, crossingsIn } from './crossings.ts'
import { ledgerKey } from './fileLedgers.ts'
import { habitOf, payeesAfter } from './habitOf.ts'
import { isConfirmed, judgeUnwrapped, readsOfUnwrapped } from './judgeUnwrapped.ts'
import { type Keeping, withoutKept } from './keptLegs.ts'
import { emptyLedger, type Ledger, rememberedLedger, topRecipients, withLegs } from './ledger.ts'
import { sumOf } from './leg.ts'
import { measuredOf } from './measuredOf.ts'
import { type Cap, longestSeconds, windowSeconds } from './options.ts'

export type Judging = {
  observation: Observation
  memory: Memory
  book: ReturnType<typeof tokenBook>
  prices: PriceBook
  caps: readonly Cap[]
  leastUsd: number | undefined
  net: boolean
  chainId: number
  trusted: ReadonlySet<Address | 'native'>
  /** The config names tokens. Where it names none, nobody can tell one of a stranger from others. */
  namesTokens: boolean
  show(address: Address): string
  /** Whether the options name the caps by window. */
  inWindows: boolean
  claims: Claim[]
  grown: NonNullable<Detection['grown']>
  blind: Set<string>
  keeping: Keeping
}

/** Native holdings are read before and after every block; null for tokens. */
export type NativeHeld = { before: bigint; after: bigint }

const claimsMax = 64

/** The state without which an outflow cannot be judged. */
export function readsOfFlow(flow: Flow, { book, prices }: Pick<Judging, 'book' | 'prices'>): Read[] {
  const { token, legs } = flow
  if (token === 'native' || sumOf(legs, 'out') === 0n) return []
  const held = isOfKinds(flow) ? [] : holdingsReads(flow, token)
  return [...book.reads(token), ...held, ...readsOfUnwrapped(flow), ...prices.reads(token)]
}

/** Of all kinds of an ERC-1155 together nobody says how many are held. */
const isOfKinds = ({ standard, id }: Flow): boolean => standard === 'erc1155' && id === undefined

const capsFor = ({ standard, id }: Flow, caps: readonly Cap[]): readonly Cap[] =>
  standard === 'erc1155' ? caps.filter(({ amount }) => (amount === undefined) === (id !== undefined)) : caps

type Held = { before: Amount; after: Amount }

/** Judges what one account moved of one token. The new ledger, or null where nothing is to be remembered. */
export function judgeFlow(judging: Judging, told: Flow, native: NativeHeld | null): Ledger | null {
  const { observation } = judging
  const held: Held = native
    ? { before: { amount: native.before }, after: { amount: native.after } }
    : heldOf(told, observation)
  const { left, kept } = withoutKept(judgeUnwrapped(told, held, observation), judging.keeping, observation)
  // What stayed ours is told of, and nobody is woken for it. It takes no part in the sums of what left.
  judgeLegs(judging, kept, held, true)
  return judgeLegs(judging, left, held, false)
}

function judgeLegs(judging: Judging, flow: Flow, held: Held, isKept: boolean): Ledger | null {
  if (flow.legs.length === 0) return null
  const { observation, memory, net, blind, claims } = judging
  const caps = capsFor(flow, judging.caps)
  const known = isKept ? undefined : rememberedLedger(memory, ledgerKey(flowKey(flow)))
  const ledger = known ?? emptyLedger
  const isTrusted = judging.trusted.has(flow.token)
  const { block } = observation
  const after = withLegs(ledger, caps, flow.legs, block.timestamp)
  /** What is to be remembered of it though no cap was asked. */
  const unjudged = longestSeconds(caps) > 0 && ((isTrusted && flow.id === undefined) || known) ? after : null
  if (sumOf(flow.legs, 'out') === 0n) return unjudged
  if (flow.id !== undefined && !known && held.before.amount !== null && held.before.amount < kindMin) return null

  const label = labelOf(judging, flow)
  if (!label) {
    blind.add(`The token ${flow.token} could not be asked for its decimals.`)
    return unjudged
  }
  if (!isBelieved(judging, flow, held)) return null
  if (held.before.amount === null && caps.some(({ percent }) => percent !== undefined)) {
    blind.add(`Percent of ${flow.token} in ${flow.account.name} cannot be judged: ${whyUnknown(flow, held.before)}`)
  }
  const decimals = decimalsOf(flow, label)
  const { crossings, grown, episodes } = crossingsIn({
    ...{ ledger, caps, legs: flow.legs, net, block },
    decimals,
    held: held.before.amount,
  })
  for (const each of grown) {
    judging.grown.push({ group: groupOf(flowKey(flow)), measured: measuredOf(each, decimals, judging.inWindows) })
  }
  const spoken = isKept ? crossings.slice(0, 1) : crossings
  if (claims.length + spoken.length > claimsMax) {
    blind.add(`More than ${claimsMax} caps were reached in one block: the others are not told.`)
    return after
  }
  // Whoever takes what is not his out of a bank has often put in and taken out before: a habit counts where people sign.
  const signed = flow.account.kind === 'safe' || flow.account.kind === 'account'
  const legs = { known: signed ? ledger.payees : [], legs: flow.legs, time: block.timestamp }
  for (const crossing of spoken) {
    const milder = isKept
      ? 'it is still yours, in another account or as shares'
      : isTrusted || !judging.namesTokens
        ? habitOf(crossing, legs)
        : 'only the token itself says so, and the config names others'
    claims.push(claimCrossing(judging, flow, { crossing, label, held, after, isTrusted, milder, isKept }))
  }
  return { ...after, episodes, payees: payeesAfter(ledger.payees, flow.legs, block.timestamp) }
}

/** Anybody can deploy a token that tells of transfers which never were: a stranger's word counts if the balance bears it out. */
function isBelieved({ trusted, blind }: Judging, flow: Flow, held: Held): boolean {
  if (trusted.has(flow.token)) return true
  const unread = [held.before, held.after].find((amount) => amount.amount === null && amount.blind)
  if (unread)
    blind.add(`Holdings of ${flow.token} in ${flow.account.name} could not be read: ${whyUnknown(flow, unread)}`)
  const fell = (held.before.amount ?? 0n) - (held.after.amount ?? 0n)
  return fell > 0n || isConfirmed(flow, held)
}

function claimCrossing(
  judging: Judging,
  flow: Flow,
  {
    crossing,
    label,
    held,
    after,
    isTrusted,
    milder,
    isKept,
  }: {
    crossing: Crossing
    label: TokenLabel
    held: Held
    after: Ledger
    isTrusted: boolean
    /** Why it pages nobody; null: it does. */
    milder: string | null
    isKept: boolean
  },
): Claim {
  const recipients = recipientsOf(crossing, flow, after, judging.observation.block.timestamp)
  const claim = claimOutflow({
    flow,
    crossing,
    label,
    trusted: isTrusted,
    recipients,
    held: { before: held.before.amount, after: held.after.amount },
    worth: worthOf(judging, flow, crossing.sum),
    leastUsd: judging.leastUsd,
    measured: measuredOf(crossing, decimalsOf(flow, label), judging.inWindows),
    evidence: isConfirmed(flow, held) ? 'hard' : 'soft',
    net: judging.net,
    show: judging.show,
  })
  if (milder === null) return claim
  const { measured: _, ...rest } = claim
  return {
    ...rest,
    key: isKept ? `${claim.key} kept` : claim.key,
    facts: { ...claim.facts, milder },
    severity: 'medium',
  }
}

/** Who was paid most within the window: the ledger knows it of those that outlast a block. */
function recipientsOf({ cap, leg }: Crossing, { legs }: Flow, after: Ledger, time: number): Ledger['recipients'] {
  if (windowSeconds[cap.window]) return after.recipients
  const own = cap.window === 'transaction' ? legs.filter((each) => each.transactionHash === leg.transactionHash) : legs
  return topRecipients([], own, time)
}

/** What has no price is judged all the same; that it could not be weighed is said where its weight matters. */
function worthOf(
  { prices, observation, leastUsd, blind }: Judging,
  { account, token, standard }: Flow,
  sum: bigint,
): Worth {
  if (standard !== 'erc20' && standard !== 'native') return { unpriced: 'it is not counted in parts' }
  const worth = prices.worth(token, sum, observation)
  if ('unpriced' in worth && leastUsd !== undefined && prices.isPriced(token)) {
    blind.add(`What left ${account.name} could not be counted in dollars: ${worth.unpriced}`)
  }
  return worth
}

/** Only where something leaves it is asked what is held. */
function heldOf(flow: Flow, observation: Observation): Held {
  const { token, legs } = flow
  if (token === 'native' || isOfKinds(flow) || sumOf(legs, 'out') === 0n) {
    return { before: { amount: null }, after: { amount: null } }
  }
  const [before, after] = holdingsReads(flow, token)
  return { before: readAmount(observation, before), after: readAmount(observation, after) }
}

function holdingsReads({ account, id }: Flow, token: Address): [before: Read, after: Read] {
  const at = (moment: Read['at']) =>
    id === undefined ? tokenBalance(token, account.address, moment) : kindBalance(token, account.address, id, moment)
  return [at('parent'), at('block')]
}

function labelOf({ book, observation, chainId }: Judging, { token }: Flow): TokenLabel | null {
  if (token === 'native') return { symbol: nativeSymbol(chainId), decimals: nativeDecimals }
  return book.look(token, observation)
}

const decimalsOf = ({ standard }: Flow, { decimals }: TokenLabel): number =>
  standard === 'erc20' || standard === 'native' ? (decimals ?? 0) : 0

function whyUnknown(flow: Flow, held: Amount): string {
  if (isOfKinds(flow)) return 'holdings of an ERC-1155 are per id; give amount'
  return held.amount === null && held.blind ? held.blind : 'the token does not say what is held'
}

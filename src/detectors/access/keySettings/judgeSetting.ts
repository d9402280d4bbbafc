import { toFunctionSelector } from 'viem/utils'
import { topicOf, transferTopics } from '../../../evm/ledger/tokenTransfers.ts'
import { plainText } from '../../../lib/plainText.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { addressShower } from '../../showAddress.ts'
import { planOf } from '../../timelocks/planOf.ts'
import { byNobody } from '../byNobody.ts'
import { isOwnKeeper } from '../isOwnKeeper.ts'
import { type Hand, handOf, handsMax, textMax } from './handsAt.ts'
import { type Hands, whyUsual } from './usualHands.ts'

/**
 * What stands in another way now. `place`: the selector, of a list with the number of the chain behind it, of another with
 * the key; or the slot. `limit`: a number for a key that was raised far.
 */
export type Change = { place: Hex; was: Hex; now: Hex; kind: 'value' | 'element' | 'slot' | 'list' | 'keyed' | 'limit' }

type Given = {
  target: Contract
  /** Who did it; undefined: nobody who can be named. */
  hand: Hand | undefined
  /** Who set it before. `restless`: it is known to be set again and again. */
  hands: Hands
  restless: boolean
  /** The same function set something before. */
  isKnownWay: boolean
  /** A function that a stranger may call now as he might not before. */
  opened: Hex | null
  count: number
  observation: Observation
  names: ReadonlyMap<string, Contract>
}

export const nothing: Hex = `0x${'0'.repeat(64)}`
export const addressIn = (value: Hex): Address | null =>
  /^0x0{24}(?!0{8})[0-9a-f]{40}$/.test(value) ? `0x${value.slice(26)}` : null
/** An address or a hash: numbers and texts begin or end with zeros. */
export const isLink = (value: Hex): boolean => addressIn(value) !== null || !/^0x(0{8}|f{8})|0{8}$/.test(value)
const digitsOf = (value: Hex): string => addressIn(value)?.slice(2) ?? value.slice(2)

/**
 * The transactions that name what stands there now, those of others that do so, or the only one that there was; the last
 * first.
 */
export function handsBehind({ now }: Change, hands: readonly Hand[], { block }: Observation): Hand[] {
  const digits = digitsOf(now)
  const naming = hands.filter(({ input, told }) => input.includes(digits) || told.includes(digits)).toReversed()
  const through =
    naming.length > 0 || now === nothing
      ? []
      : block.transactions
          .filter(
            ({ input, index }) =>
              block.receipts?.[index]?.status !== 'reverted' && input.slice(0, textMax).includes(digits),
          )
          .toReversed()
          .slice(0, handsMax)
          .flatMap((transaction) => handOf(null, transaction, []) ?? [])
  const found = [...naming, ...through]
  return found.length === 0 && hands.length === 1 ? [...hands] : found
}

/**
 * Whether anybody may set it by that call. What was so once says nothing of another call: where signatures are asked for,
 * whoever brings them may call.
 */
const isOpen = ({ target, hand, observation }: Given): boolean =>
  hand?.isDirect === true && observation.state(byNobody(hand.transaction, target.address)).ok

/** Null: anybody may set it, so that it is no setting. */
export function claimSetting(change: Change, given: Given): Claim | null {
  const { target, hand, names, count } = given
  if (isOpen(given) || (hand?.isDirect && hand.transaction.value > 0n)) return null
  const { place, was, now } = change
  const show = addressShower(names)
  const shown = (value: Hex) => {
    if (change.kind === 'limit') return BigInt(value).toString()
    return value === nothing ? 'nothing' : addressIn(value) ? show(addressIn(value)!) : `${value.slice(0, 10)}…`
  }
  const milder = whyMilder(change, given)
  const address = change.kind === 'limit' ? null : addressIn(now)
  return {
    key: `setting ${place}${hand ? '' : ` ${count}`}`,
    ...(hand ? { transactionHash: hand.transaction.hash } : { subject: `settings of ${target.address}` }),
    address: target.address,
    title: plainText(
      `${hand ? show(hand.by) : 'Somebody'} set ${whatOf(change, target)} to ${shown(now)}; it was ${shown(was)}${given.opened ? `: anybody may call ${given.opened} now` : ''}`,
      300,
    ),
    facts: {
      ...{ place, before: was, now },
      ...(hand && { by: hand.by, sender: hand.transaction.from, calledContract: hand.transaction.to, way: hand.way }),
      ...(given.opened && { opened: given.opened }),
      ...milder,
    },
    evidence: 'hard',
    confidence: 'high',
    ...(milder && { severity: 'medium' as const }),
    ...(address && !isWorkedOut(change, given) && { actors: [address] }),
    group: `settings ${target.address}`,
  }
}

function whatOf({ kind, place }: Change, target: Contract): string {
  if (kind === 'limit') return `how much ${target.name} allows (${nameOf(target, place)})`
  return `what ${target.name} trusts or pays (${kind === 'slot' ? `slot ${shortened(place)}` : nameOf(target, place)})`
}

const isNamed = ({ now }: Change, hand: Hand | undefined): boolean =>
  hand !== undefined && [hand.input, hand.told].some((text) => text.includes(digitsOf(now)))

/**
 * Nobody names it. Who comes through a contract of his own may have it name what he wants, so that of those only what is set
 * again and again counts, as sums do: a contract that sets a payee for others, such as a Safe, is told whom.
 */
function isWorkedOut({ now }: Change, { hand, restless }: Given): boolean {
  const digits = digitsOf(now)
  if (!hand || hand.input.includes(digits)) return false
  const isWhole = hand.transaction.input.length < textMax
  return hand.isDirect || (restless && isWhole && !hand.told.includes(digits))
}

/** Why it is no reason to wake anybody; null: none is known. */
function whyMilder(change: Change, given: Given): Record<string, string> | null {
  const { target, hand, observation, names } = given
  const { now } = change
  const holders = new Set([target.address])
  const plan = planOf(target.address, [`0x${digitsOf(now)}`], { observation, names, holders })
  if (plan) return { planned: `it had been scheduled in the timelock ${plan}` }
  if (now === nothing && given.opened) return null
  if (now === nothing) return { milder: 'nobody is trusted or paid instead' }
  if (change.was === nothing && change.kind !== 'list') return { milder: 'nobody was trusted or paid before' }
  // It may be the contract's own business, such as who came last, or who moved up in a list that somebody left.
  const isInner = change.kind === 'slot' || change.kind === 'element'
  if (isInner && !isNamed(change, hand)) return { milder: 'no call names it' }
  if (!hand) return null
  const address = addressIn(now)
  if (isWorkedOut(change, given) && !isMadeOf(address, given)) return { milder: 'the contract worked it out itself' }
  if (address === hand.transaction.from || address === hand.by) return { milder: 'who set it named itself' }
  if (address && isOwnKeeper(address, names)) return { milder: 'it is a timelock or Safe of the config' }
  const known = new Set([target.address, ...[...names.values()].map((each) => each.address)])
  // Who comes through a contract of his own can have a little moved beside.
  const isParty =
    hand.isDirect &&
    address !== null &&
    observation.block.receipts?.[hand.transaction.index]?.logs.some(
      (log) =>
        known.has(log.address) &&
        transferTopics.includes(log.topics[0]!) &&
        log.topics.slice(1).includes(topicOf(address)),
    )
  if (isParty) return { milder: 'tokens moved from or to it in the same transaction' }
  const usual = whyUsual(hand.by, given.hands, {
    isCommitment: address === null,
    restless: given.restless,
    time: observation.block.timestamp,
    isReplaced: (change.kind === 'list' || change.kind === 'limit') && change.was !== nothing,
  })
  return usual === null ? null : { milder: usual }
}

/** What a hash is made of, such as a list of validators, is in the hands of whoever may set it by a function of its own. */
const isMadeOf = (address: Address | null, { hand, hands, restless, isKnownWay }: Given): boolean =>
  address === null &&
  !isKnownWay &&
  !(restless && Object.keys(hands).length === 0) &&
  hand!.transaction.input.length > 2 + 8 + 64

/** Slots of variables are small numbers, others hashes. */
const shortened = (slot: Hex) => (/^0x0{48}/.test(slot) ? String(BigInt(slot)) : `${slot.slice(0, 10)}…`)

/** Its name where the ABI is known, else its selector. */
function nameOf({ abi }: Contract, place: Hex): string {
  const digits = place.slice(10).replace(/^0+/, '')
  const key =
    place.length > 10 ? ` of ${digits.length > 16 ? `0x${place.slice(10, 18)}…` : BigInt(`0x${digits || '0'}`)}` : ''
  const known = abi?.find((item) => item.type === 'function' && toFunctionSelector(item) === place.slice(0, 10))
  return `${known?.type === 'function' ? known.name : place.slice(0, 10)}${key}`
}

import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import { isPercentOf, percentIn, showPercent } from '../../tokens/amounts.ts'
import { showToken } from '../../tokens/showToken.ts'
import type { Crossing } from '../outflowCap/crossings.ts'
import type { Dealing } from './dealings.ts'
import type { Standing } from './debts.ts'
import type { Verdict } from './lessons.ts'
import type { AccountEntriesOptions, CapKind } from './options.ts'
import type { Taking } from './takings.ts'

type Saying = { target: Contract; options: AccountEntriesOptions; show(address: Address): string }

/** More than the entries of those concerned bear. */
export function claimBeyond(
  {
    excess,
    kind,
    paid,
    held,
    asset,
    dealing,
  }: Verdict & { paid: bigint; held: bigint; asset: Address | 'native'; dealing: Dealing },
  { target: { address, name }, options, show }: Saying,
): Claim {
  const { transaction } = dealing.outcomes.at(-1)!
  const what = showToken(asset, show)
  // An entry that ran below zero is as good as infinite.
  const share = excess > held ? 'more than all' : showPercent(excess, held)
  const title =
    kind === 'paid'
      ? `${name} paid ${share} of its ${what} and took it off no entry, as it does for others`
      : `${name} wrote down ${share} of its ${what} for ${show(transaction.from)} beyond what came in`
  return {
    key: `beyond ${address} ${asset}`,
    transactionHash: transaction.hash,
    address,
    title,
    facts: {
      asset,
      kind,
      excess: String(excess),
      paid: String(paid),
      heldBefore: String(held),
      accounts: [...dealing.actors],
      selectors: [...dealing.selectors],
    },
    evidence: 'hard',
    severity: isPercentOf(excess, options.criticalPercent, held) ? 'critical' : 'high',
    confidence: 'medium',
    measured: { limit: ['percent'], value: percentIn(excess, held) },
  }
}

/** Somebody was paid out of an entry that is far larger than all there is. */
export function claimOverdrawn(
  {
    stood,
    paid,
    held,
    asset,
    dealing,
  }: { stood: bigint; paid: bigint; held: bigint; asset: Address | 'native'; dealing: Dealing },
  { target: { address, name }, show }: Saying,
): Claim {
  const { transaction } = dealing.outcomes.at(-1)!
  const what = showToken(asset, show)
  return {
    key: `overdrawn ${address} ${asset}`,
    transactionHash: transaction.hash,
    address,
    title: `${name} paid ${showPercent(paid, held)} of its ${what} out of an entry of ${show(transaction.from)} that says ${stood / (held || 1n)} times as much as it held`,
    facts: {
      ...{ asset, stood: String(stood), paid: String(paid), heldBefore: String(held) },
      accounts: [...dealing.actors],
      selectors: [...dealing.selectors],
    },
    evidence: 'soft',
    severity: 'high',
    confidence: 'medium',
    measured: { limit: ['percent'], value: percentIn(paid, held) },
  }
}

/** Out of the entry of somebody who did nothing. `isHabit`: the sender does so all the time. */
export function claimTaking(
  {
    taking: { from, to, amount, maySign },
    held,
    asset,
    dealing,
    isHabit,
    isSure,
  }: { taking: Taking; held: bigint; asset: Address | 'native'; dealing: Dealing; isHabit: boolean; isSure: boolean },
  { target: { address, name }, options, show }: Saying,
): Claim {
  const { transaction } = dealing.outcomes.at(-1)!
  // Anybody can put words of a signature beside a call, and take little from some before he takes much of one.
  const isCritical = isPercentOf(amount, options.criticalPercent, held)
  const isMild = !isSure || (!isCritical && (isHabit || maySign))
  return {
    key: `taken ${address} ${asset} ${from}`,
    transactionHash: transaction.hash,
    address,
    title: `${name} paid ${showPercent(amount, held)} of its ${showToken(asset, show)} to ${show(to)} out of the entry of ${show(from)}, who neither called it nor ${maySign ? 'got anything' : 'signed'}`,
    facts: {
      ...{ asset, from, to, amount: String(amount), heldBefore: String(held) },
      sender: transaction.from,
      selectors: [...dealing.selectors],
    },
    evidence: isSure ? 'hard' : 'soft',
    severity: isMild ? 'medium' : isCritical ? 'critical' : 'high',
    confidence: 'medium',
    measured: { limit: ['percent'], value: percentIn(amount, held) },
  }
}

/** Somebody owes, and nothing or next to nothing of his stands behind it. */
export function claimDebt(
  {
    standing: { account, asset, owed, grew, pledged },
    times,
    held,
    dealing,
    isSure,
  }: { standing: Standing; times: number; held: bigint; dealing: Dealing; isSure: boolean },
  { target: { address, name }, options, show }: Saying,
): Claim {
  const isBare = times === Number.POSITIVE_INFINITY
  const share = owed > held ? 'more than all' : showPercent(owed, held)
  const cover = isBare
    ? 'nothing stands behind it'
    : `${Math.floor(times)} times as much as anybody did for what he pledged`
  return {
    key: `debt ${address} ${asset} ${account}`,
    transactionHash: dealing.outcomes.at(-1)!.transaction.hash,
    address,
    title: `${show(account)} owes ${name} ${share} of its ${showToken(asset, show)}, and ${cover}`,
    facts: {
      ...{ asset, account, owed: String(owed), grewBy: String(grew), heldBefore: String(held) },
      pledged: Object.fromEntries([...pledged].map(([entry, amount]) => [entry, String(amount)])),
      timesTheMostSeen: isBare ? null : times,
      selectors: [...dealing.selectors],
    },
    evidence: isSure ? 'hard' : 'soft',
    severity: !isSure ? 'medium' : isPercentOf(owed, options.criticalPercent, held) ? 'critical' : 'high',
    confidence: isBare ? 'high' : 'medium',
    measured: { limit: ['percent'], value: percentIn(owed, held) },
  }
}

/**
 * Items of a collection that the entries of those concerned do not bear, over all kinds that moved.
 * `isKnown`: the entries bear them otherwise; else it goes by how much it was. `isSure`: the config names the collection;
 * any other may be one that somebody made to tell of thefts, which wakes nobody.
 */
export function claimItems(
  {
    asset,
    kinds,
    amount,
    held,
    dealing,
    isKnown,
    isSure,
  }: {
    asset: Address
    kinds: number
    amount: bigint
    held: bigint
    dealing: Dealing
    isKnown: boolean
    isSure: boolean
  },
  { target: { address, name }, options, show }: Saying,
): Claim {
  const { transaction } = dealing.outcomes.at(-1)!
  const share = amount > held ? 'more than all' : showPercent(amount, held)
  const what = `${share} of ${kinds === 1 ? 'a kind' : `${kinds} kinds`} of items of ${show(asset)}`
  return {
    key: `items ${isKnown ? 'beyond' : 'unborne'} ${address} ${asset}`,
    transactionHash: transaction.hash,
    address,
    title: isKnown
      ? `${name} gave or wrote down ${what} for ${show(transaction.from)} beyond what stood in the entries`
      : `${what} left ${name} in one block, and no entry of an account bears it`,
    facts: {
      ...{ asset, kinds, excess: String(amount), heldBefore: String(held) },
      accounts: [...dealing.actors],
      selectors: [...dealing.selectors],
    },
    evidence: isSure ? 'hard' : 'soft',
    ...(isKnown && { severity: isPercentOf(amount, options.criticalPercent, held) ? 'critical' : 'high' }),
    ...(!isSure && { severity: 'medium' }),
    confidence: 'medium',
    measured: { limit: isKnown ? ['percent'] : ['windows', 'block'], value: percentIn(amount, held) },
  }
}

const within = {
  transaction: 'in one transaction',
  block: 'in one block',
  '5m': 'within 5 minutes',
  '1h': 'within 1 hour',
  '24h': 'within 24 hours',
}

/** So much within some time that no entry bears. */
export function claimUnborne(
  { crossing, kind, asset, isSure }: { crossing: Crossing; kind: CapKind; asset: Address | 'native'; isSure: boolean },
  { target: { address, name }, show }: Saying,
): Claim {
  const { cap, sum, leg, episode } = crossing
  const base = crossing.base ?? 0n
  return {
    key: `${kind} ${address} ${asset} ${cap.window} ${episode}`,
    ...(leg.transactionHash ? { transactionHash: leg.transactionHash } : { subject: `entries of ${address}` }),
    address,
    title: `${showPercent(sum, base)} of the ${showToken(asset, show)} of ${name} left ${within[cap.window]}, ${kind === 'windows' ? 'and no entry of an account bears it' : 'while what accounts are owed stayed as it was'}`,
    facts: { asset, window: cap.window, amount: String(sum), held: String(base) },
    evidence: isSure ? 'hard' : 'soft',
    ...(!isSure && { severity: 'medium' as const }),
    group: `unborne ${address} ${asset}`,
    measured: { limit: [kind, cap.window], value: percentIn(sum, base) },
  }
}

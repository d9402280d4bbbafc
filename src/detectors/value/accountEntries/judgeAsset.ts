import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import { isPercentOf } from '../../tokens/amounts.ts'
import { readAmount } from '../../tokens/balances.ts'
import { claimBeyond, claimOverdrawn } from './claims.ts'
import type { Dealing } from './dealings.ts'
import { borneItems, type Falls, fallsOf, gettersOfAsset, heldReads } from './entries.ts'
import { judgeCaps, type Legs } from './judgeCaps.ts'
import { judgeTakings } from './judgeTakings.ts'
import type { Asset, Judging as Given, Judged } from './judging.ts'
import {
  afterOverdraft,
  isOverdrawn,
  judgeDealing,
  learn,
  lessonsKey,
  lessonsOf,
  partOfPaid,
  type Verdict,
} from './lessons.ts'
import { addSliver, rememberedSlivers, type Sliver, withoutSliver } from './slivers.ts'

type Judging = Given & {
  /** Loans behind which as much stands as behind others. */
  isBacked(dealing: Dealing, asset: Asset): boolean
  /** All that the contract is known to have entries of. */
  assets: readonly Asset[]
}

/** A dealing, and by how much which entries fell in it; null: that is not known. */
export type Told = { dealing: Dealing; falls: Falls | null }

/** Those of whose entries something is known. */
export const clearIn = (told: readonly Told[]): Dealing[] =>
  told.flatMap(({ dealing, falls }) => (falls ? [dealing] : []))

const sliversKey = (target: Address, asset: Asset) => `slivers ${target} ${asset}`

/** What the entries say of all dealings of a block in one asset. */
export function judgeAsset(asset: Asset, told: readonly Told[], judging: Judging): Judged {
  const { observation, options, target, trusted, memory } = judging
  const held = heldBefore(asset, judging)
  if (held === null) return { claims: [], memory: {} }
  const known = lessonsOf(memory, target.address, asset)
  const claims: Claim[] = []
  const legs: Legs = { windows: [], unexplained: [], moved: [] }
  const sliversBefore: readonly Sliver[] = rememberedSlivers(memory, sliversKey(target.address, asset)) ?? []
  let [lessons, slivers] = [known, sliversBefore]
  for (const { dealing, falls: ofAll } of told) {
    const falls = ofAll && fallsWith(ofAll, asset, dealing, judging)
    const paid = dealing.paid.get(asset) ?? 0n
    const case_ = { paid, selectors: dealing.selectors }
    const verdict = falls && judgeDealing(known, falls, case_)
    const made = asset === 'native' ? 0n : (dealing.made.get(asset) ?? 0n)
    if (falls) lessons = learn(lessons, falls, { ...case_, made, isOdd: (verdict?.excess ?? 0n) > 0n })
    addLegs(legs, { asset, dealing, paid, verdict }, judging)
    if (!verdict) continue
    const isMuch = paid > 0n && trusted.has(asset) && isPercentOf(paid, options.percent, held)
    if (isMuch && isOverdrawn(known, verdict, held)) {
      claims.push(claimOverdrawn({ stood: verdict.stood, paid, held, asset, dealing }, judging))
      lessons = afterOverdraft(lessons)
    }
    const isPart = verdict.kind === 'paid' && verdict.excess * partOfPaid < paid
    if (verdict.excess === 0n || isPart || held === 0n) continue
    const { from } = dealing.outcomes.at(-1)!.transaction
    const added = addSliver(slivers, { from, excess: verdict.excess, time: observation.block.timestamp })
    const isTold = isPercentOf(added.sum, options.percent, held)
    slivers = isTold ? withoutSliver(slivers, from) : added.slivers
    if (!isTold) continue
    const claim = claimBeyond({ ...verdict, excess: added.sum, paid, held, asset, dealing }, judging)
    const isPrice = verdict.kind === 'credited' && isExchanged(asset, { excess: added.sum, held }, dealing, judging)
    claims.push(isPrice || !trusted.has(asset) ? { ...claim, severity: 'medium' } : claim)
  }
  const others = [
    judgeTakings(clearIn(told), { asset, held, lessons: known }, judging),
    judgeCaps(legs, { asset, held }, judging),
  ]
  return {
    claims: [...claims, ...others.flatMap((each) => each.claims)],
    memory: {
      ...(slivers !== sliversBefore && { [sliversKey(target.address, asset)]: [...slivers] }),
      ...(lessons !== known && { [lessonsKey(target.address, asset)]: lessons }),
      ...Object.assign({}, ...others.map((each) => each.memory)),
    },
  }
}

/** Of the part of one asset, the part of another that must be written off for it to look like a price. */
const priceParts = 10n

/**
 * Whether those who dealt had a like part of another asset written off for it, as one who trades inside does. It must be one
 * that the config names: a thief has as much as he likes of a token of his own.
 */
function isExchanged(
  asset: Asset,
  { excess, held }: { excess: bigint; held: bigint },
  dealing: Dealing,
  judging: Judging,
): boolean {
  const { assets, observation, options, target, trusted, blind } = judging
  return assets.some((other) => {
    if (other === asset || !trusted.has(other)) return false
    const getters = gettersOfAsset(target.address, options.ofTokens, other)
    const falls = [...(fallsOf(getters, dealing, { observation, blind }) ?? [])].map(([, { own }]) => own)
    const before = readAmount(observation, heldReads(target.address, other)[0])
    const fall = falls.reduce((a, b) => (b > a ? b : a), 0n)
    return before.amount !== null && fall > 0n && priceParts * fall * held >= excess * before.amount
  })
}

/** Null: it is not known, or nothing of it moved. */
function heldBefore(asset: Asset, { observation, target, trusted, blind }: Judging): bigint | null {
  const [before, after] = heldReads(target.address, asset).map((read) => readAmount(observation, read))
  if (before?.amount == null || after?.amount == null) {
    const reason = [before, after].flatMap((each) =>
      each && each.amount === null && each.blind ? [each.blind] : [],
    )[0]
    if (reason || trusted.has(asset))
      blind.add(`What ${target.name} holds of ${asset} could not be read: ${reason ?? 'the token does not say'}`)
    return null
  }
  // Anybody can deploy a token that tells of transfers which never were.
  return !trusted.has(asset) && after.amount === before.amount ? null : before.amount
}

/** With those that tell it of one token. */
function fallsWith(
  falls: Falls,
  asset: Asset,
  dealing: Dealing,
  { observation, options, target, blind }: Judging,
): Falls | null {
  if (options.ofTokens.length === 0) return falls
  const own = fallsOf(gettersOfAsset(target.address, options.ofTokens, asset), dealing, { observation, blind })
  return own && new Map([...falls, ...own])
}

function addLegs(
  legs: Legs,
  { asset, dealing, paid, verdict }: { asset: Asset; dealing: Dealing; paid: bigint; verdict: Verdict | null },
  { observation, options, target, trusted, isBacked }: Judging,
): void {
  const items = borneItems(target.address, options.entries, dealing, { observation, asset, trusted })
  const unborne = verdict ? verdict.unborne : paid > 0n ? paid : 0n
  const leaves = isBacked(dealing, asset) ? 0n : unborne - items
  const { hash } = dealing.outcomes.at(-1)!.transaction
  const leg = { other: dealing.actors.at(-1) ?? null, transactionHash: hash }
  if (leaves > 0n) legs.windows.push({ way: 'out', amount: leaves, ...leg })
  if (leaves > 0n && verdict && !verdict.isExplained) legs.unexplained.push({ way: 'out', amount: leaves, ...leg })
  if (paid < 0n) for (const each of Object.values(legs)) each.push({ way: 'in', amount: -paid, ...leg })
  if (paid > 0n) legs.moved.push({ way: 'out', amount: paid, ...leg })
}

import { transferTopics } from '../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import { addressShower } from '../showAddress.ts'
import { claimBeyond, claimOverdrawn, claimUnborne } from './accountEntries/claims.ts'
import { type Dealing, dealingsWith } from './accountEntries/dealings.ts'
import {
  borneItems,
  type Falls,
  fallsOf,
  gettersOf,
  gettersOfAsset,
  heldReads,
  readsOfGetters,
  readsOfOwners,
  supplyReads,
} from './accountEntries/entries.ts'
import { readsOfItems } from './accountEntries/itemDealings.ts'
import { judgeDebts } from './accountEntries/judgeDebts.ts'
import { judgeItems } from './accountEntries/judgeItems.ts'
import { judgeTakings } from './accountEntries/judgeTakings.ts'
import {
  afterOverdraft,
  isOverdrawn,
  judgeDealing,
  type Lessons,
  learn,
  noLessons,
  partOfPaid,
} from './accountEntries/lessons.ts'
import { type AccountEntriesOptions, accountEntriesOptions, type CapKind } from './accountEntries/options.ts'
import { addSliver, type Sliver, withoutSliver } from './accountEntries/slivers.ts'
import { isPercentOf } from './amounts.ts'
import { readAmount } from './balances.ts'
import { crossingsIn } from './outflowCap/crossings.ts'
import { emptyLedger, type Ledger, sumsBefore, withLegs } from './outflowCap/ledger.ts'
import type { Leg } from './outflowCap/leg.ts'
import type { Cap, WindowName } from './outflowCap/options.ts'

type Asset = Address | 'native'
type Judging = {
  observation: Observation
  memory: Memory
  options: AccountEntriesOptions
  target: Contract
  trusted: ReadonlySet<Asset>
  blind: Set<string>
  show(address: Address): string
}

const lessonsKey = (target: Address, asset: Asset) => `lessons ${target} ${asset}`
const sliversKey = (target: Address, asset: Asset) => `slivers ${target} ${asset}`
const assetsKey = (target: Address) => `assets ${target}`
const ledgerKey = (target: Address, asset: Asset, kind: CapKind) => `${kind} ${target} ${asset}`
const movedKey = (target: Address, asset: Asset) => `moved ${target} ${asset}`
const [assetsMax, assetsKnownMax] = [12, 4]

/**
 * Learns which of a contract's getters are its books, by what they say of those who put in and take out, and speaks where
 * they bear a payment no more: it was paid by a function that takes it off an entry otherwise, more was credited than came,
 * or the entry says far more than all that is held, which nobody can have put in. What is paid otherwise without an entry is added up against caps, as is everything until the books are known.
 */
export const accountEntries = defineDetector<AccountEntriesOptions>({
  id: 'account-entries',
  title: 'Payments against the entries of accounts',
  scenario:
    'A bank forgets to cross off what it pays, or writes down more than it got. A thief takes the same money again and again, in sums as users take: only his own entry shows that it was never his.',
  response:
    'Pause withdrawals now: whoever found the hole can use it until nothing is left. Call the getter in the facts for the accounts concerned, before and after the block, and compare with what was paid.',
  severity: 'high',
  sign: { stage: 'exploitation', restsOn: 'value' },
  options: accountEntriesOptions,
  when: 'none',
  needs: ['logs', 'state', 'traces'],

  compile({ targets, names, options }) {
    const addresses = targets.map(({ address }) => address)
    const trusted = new Set<Asset>(['native', ...[...names.values(), ...targets].map(({ address }) => address)])
    const show = addressShower(names)
    return {
      limits: { percent: options.percent, windows: options.windows, unexplained: options.unexplained },
      interests: [
        { kind: 'log', topics: transferTopics, accounts: addresses },
        { kind: 'transaction', touching: addresses, traces: 'touching' },
      ],
      reads: (observation, memory) =>
        targets.flatMap(({ address }) => {
          const { dealings } = dealingsWith(address, observation)
          const assets = assetsOf(address, dealings, memory)
          return [
            ...dealings.flatMap((dealing) => [
              ...readsOfOwners(address, options.entries, dealing),
              ...readsOfGetters(gettersOf(address, options.entries), dealing),
              ...assets.flatMap((asset) => readsOfGetters(gettersOfAsset(address, options.ofTokens, asset), dealing)),
              ...readsOfItems(address, options.items, dealing, trusted),
            ]),
            ...assets.flatMap((asset) => [...heldReads(address, asset), ...supplyReads(asset)]),
          ]
        }),
      detect(observation, memory) {
        const blind = new Set<string>()
        const judged = targets.map((target) =>
          judgeTarget({ observation, memory, options, target, trusted, blind, show }),
        )
        return {
          claims: judged.flatMap(({ claims }) => claims),
          blind: [...blind],
          memory: Object.assign({}, ...judged.map((each) => each.memory)),
        }
      },
    }
  },
})

/** Those that moved, and those of which something was learned: more may be written down of them though nothing moves. */
function assetsOf(target: Address, dealings: readonly Dealing[], memory: Memory): Asset[] {
  if (dealings.length === 0) return []
  const known = (memory.get(assetsKey(target)) ?? []) as Asset[]
  return [...new Set([...known, ...dealings.flatMap(({ paid, made }) => [...paid.keys(), ...made.keys()])])].slice(
    0,
    assetsMax,
  )
}

type Judged = { claims: Claim[]; memory: Record<string, Json> }

function judgeTarget(judging: Judging): Judged {
  const { observation, options, target, blind } = judging
  const { dealings, left } = dealingsWith(target.address, observation)
  if (left > 0) blind.add(`${left} more dealings with ${target.name} in one block were not judged.`)
  const isDark = ({ outcomes }: Dealing) => outcomes.some(({ calls }) => calls === undefined)
  for (const dealing of dealings) {
    if (isDark(dealing))
      blind.add(
        `Calls inside a transaction with ${target.name} are not known, so that coins that it paid are not, either.`,
      )
  }
  const items = judgeItems(
    dealings.filter((dealing) => !isDark(dealing)),
    judging,
  )
  const told = dealings.map((dealing) => ({
    dealing,
    falls:
      dealing.isCrowded || isDark(dealing)
        ? null
        : fallsOf(gettersOf(target.address, options.entries), dealing, { observation, blind }),
  }))
  const assets = assetsOf(target.address, dealings, judging.memory)
  const known = new Map(assets.map((asset) => [asset, lessonsOf(judging, asset)]))
  const debts = judgeDebts(clearIn(told), known, judging)
  const judged = assets.map((asset) => judgeAsset(asset, told, { ...judging, isBacked: debts.isBacked }))
  const before = (judging.memory.get(assetsKey(target.address)) ?? []) as Asset[]
  const learned = assets.filter((_, index) => lessonsKey(target.address, assets[index]!) in judged[index]!.memory)
  const knownAssets = [...new Set([...before, ...learned])].slice(0, assetsKnownMax)
  return {
    claims: [...items.claims, ...debts.claims, ...judged.flatMap(({ claims }) => claims)],
    memory: {
      ...items.memory,
      ...debts.memory,
      ...Object.assign({}, ...judged.map((each) => each.memory)),
      ...(knownAssets.length > before.length && { [assetsKey(target.address)]: knownAssets }),
    },
  }
}

type Told = { dealing: Dealing; falls: ReturnType<typeof fallsOf> }

/** Those of whose entries something is known. */
const clearIn = (told: readonly Told[]): Dealing[] => told.flatMap(({ dealing, falls }) => (falls ? [dealing] : []))

const lessonsOf = ({ memory, target }: Judging, asset: Asset): Lessons =>
  (memory.get(lessonsKey(target.address, asset)) as Lessons | undefined) ?? noLessons

function judgeAsset(
  asset: Asset,
  told: readonly Told[],
  judging: Judging & Pick<ReturnType<typeof judgeDebts>, 'isBacked'>,
): Judged {
  const { observation, options, target, trusted, blind, memory } = judging
  const [before, after] = heldReads(target.address, asset).map((read) => readAmount(observation, read))
  if (before?.amount == null || after?.amount == null) {
    const reason = [before, after].flatMap((each) =>
      each && each.amount === null && each.blind ? [each.blind] : [],
    )[0]
    if (reason || trusted.has(asset))
      blind.add(`What ${target.name} holds of ${asset} could not be read: ${reason ?? 'the token does not say'}`)
    return { claims: [], memory: {} }
  }
  const held = before.amount
  // Anybody can deploy a token that tells of transfers which never were.
  if (!trusted.has(asset) && after.amount === held) return { claims: [], memory: {} }
  const known = lessonsOf(judging, asset)
  const claims: Claim[] = []
  const [all, unexplained, moved]: [Leg[], Leg[], Leg[]] = [[], [], []]
  const sliversBefore = (memory.get(sliversKey(target.address, asset)) ?? []) as Sliver[]
  let lessons = known
  let slivers: readonly Sliver[] = sliversBefore
  for (const { dealing, falls: ofAll } of told) {
    const falls = ofAll && fallsWith(ofAll, asset, dealing, judging)
    const paid = dealing.paid.get(asset) ?? 0n
    const case_ = { paid, selectors: dealing.selectors }
    const verdict = falls && judgeDealing(known, falls, case_)
    const made = asset === 'native' ? 0n : (dealing.made.get(asset) ?? 0n)
    if (falls) lessons = learn(lessons, falls, { ...case_, made, isOdd: (verdict?.excess ?? 0n) > 0n })
    const items = borneItems(target.address, options.entries, dealing, { observation, asset })
    const unborne = verdict ? verdict.unborne : paid > 0n ? paid : 0n
    const leaves = judging.isBacked(dealing, asset) ? 0n : unborne - items
    const { hash } = dealing.outcomes.at(-1)!.transaction
    const leg = { other: dealing.actors.at(-1) ?? null, transactionHash: hash }
    if (leaves > 0n) all.push({ way: 'out', amount: leaves, ...leg })
    if (leaves > 0n && verdict && !verdict.isExplained) unexplained.push({ way: 'out', amount: leaves, ...leg })
    if (paid < 0n) for (const legs of [all, unexplained, moved]) legs.push({ way: 'in', amount: -paid, ...leg })
    if (paid > 0n) moved.push({ way: 'out', amount: paid, ...leg })
    if (
      verdict &&
      paid > 0n &&
      trusted.has(asset) &&
      isPercentOf(paid, options.percent, held) &&
      isOverdrawn(known, verdict, held)
    ) {
      claims.push(claimOverdrawn({ stood: verdict.stood, paid, held, asset, dealing }, judging))
      lessons = afterOverdraft(lessons)
    }
    if (!verdict || verdict.excess === 0n) continue
    const isPart = verdict.kind === 'paid' && verdict.excess * partOfPaid < paid
    if (isPart || held === 0n) continue
    const { from } = dealing.outcomes.at(-1)!.transaction
    const added = addSliver(slivers, { from, excess: verdict.excess, time: observation.block.timestamp })
    const isTold = isPercentOf(added.sum, options.percent, held)
    slivers = isTold ? withoutSliver(slivers, from) : added.slivers
    if (isTold) claims.push(claimBeyond({ ...verdict, excess: added.sum, paid, held, asset, dealing }, judging))
  }
  const movedBefore = (memory.get(movedKey(target.address, asset)) as Ledger | undefined) ?? emptyLedger
  const atStart = (window: WindowName) => {
    const sums = sumsBefore(movedBefore, window, observation.block.timestamp)
    return held + sums.out - sums.in
  }
  const others = [
    judgeTakings(clearIn(told), { asset, held, lessons: known }, judging),
    judgeCaps(all, { kind: 'windows', asset, held, atStart }, judging),
    judgeCaps(unexplained, { kind: 'unexplained', asset, held, atStart }, judging),
  ]
  const caps = [...capsOf(options.windows), ...capsOf(options.unexplained)]
  return {
    claims: [...claims, ...others.flatMap((each) => each.claims)],
    memory: {
      ...(slivers !== sliversBefore && { [sliversKey(target.address, asset)]: [...slivers] }),
      ...(lessons !== known && { [lessonsKey(target.address, asset)]: lessons }),
      ...Object.assign({}, ...others.map((each) => each.memory)),
      ...(moved.length > 0 && {
        [movedKey(target.address, asset)]: withLegs(movedBefore, caps, moved, observation.block.timestamp),
      }),
    },
  }
}

const capsOf = (windows: AccountEntriesOptions[CapKind]): Cap[] =>
  Object.entries(windows).map(([window, percent]) => ({ window: window as WindowName, percent }))

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

/** Adds up what no entry bears, in parts of all that was held when the window began: others may have left since. */
function judgeCaps(
  legs: readonly Leg[],
  { kind, asset, held, atStart }: { kind: CapKind; asset: Asset; held: bigint; atStart(window: WindowName): bigint },
  judging: Judging,
): Judged {
  if (legs.length === 0) return { claims: [], memory: {} }
  const { observation, memory, target, trusted, options } = judging
  const { block } = observation
  const key = ledgerKey(target.address, asset, kind)
  const ledger = (memory.get(key) as Ledger | undefined) ?? emptyLedger
  const caps = capsOf(options[kind])
  const { crossings, episodes } = crossingsIn({ ledger, caps, legs, net: false, decimals: 0, held, atStart, block })
  return {
    claims: crossings.map((crossing) => claimUnborne({ crossing, kind, asset, isSure: trusted.has(asset) }, judging)),
    memory: { [key]: { ...withLegs(ledger, caps, legs, block.timestamp), episodes } },
  }
}

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { defineDetector, type Memory } from '../../model/detector.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'
import { reasonList } from '../reasonList.ts'
import { hexShape, remembered } from '../remembered.ts'
import { planInterests, readsOfPlans } from '../timelocks/planOf.ts'
import { byNobody } from './byNobody.ts'
import { type Hand, handsAt } from './keySettings/handsAt.ts'
import { type Change, claimSetting, handsBehind, isLink, nothing } from './keySettings/judgeSetting.ts'
import { linkWord } from './keySettings/linkWord.ts'
import { afterCalls, type Calls, callsShape, mayClear, openedBy, readsOfTrials } from './keySettings/openings.ts'
import { type KeySettingsOptions, keySettingsOptions } from './keySettings/options.ts'
import { afterHand, handsShape } from './keySettings/usualHands.ts'
import { afterLook, type Habits, habits, isDull } from './newRights/habits.ts'

/** `last`: values by function or slot. `hands`: who set each. `ways`: which functions set nothing. `silent`: changes by nobody. */
const row = z.object({
  last: z.record(hexShape, hexShape),
  hands: z.record(hexShape, handsShape),
  ways: habits,
  silent: z.number(),
})
/** `calls`: how it is used, which is remembered beside. */
type Row = Readonly<z.output<typeof row>> & { calls: Calls }
const rememberedRow = remembered(row)
const rowKey = ({ address }: Contract) => `settings ${address}`
const rememberedCalls = remembered(callsShape)
const callsKey = ({ address }: Contract) => `uses ${address}`
function recall(memory: Memory, target: Contract): Row | undefined {
  const known = rememberedRow(memory, rowKey(target))
  return known && { ...known, calls: rememberedCalls(memory, callsKey(target)) ?? {} }
}
const first: Row = { last: {}, hands: {}, ways: {}, silent: 0, calls: {} }

type View = Omit<Observation, 'state'>
type Asked = {
  values: readonly Hex[]
  slots: readonly Hex[]
  lists: readonly Hex[]
  keyed: readonly Hex[]
  restless: ReadonlySet<Hex>
}

/**
 * Reads whom a contract pays and what it trusts: the payee, the root of a list, the peer on another chain, also where no
 * function tells, and how much it allows for a chain. Speaks where a call that only few may make sets it.
 *
 * Milder than the monitor's severity (high): what a timelock had announced, what the same account sets again and again,
 * what the contract worked out itself, and who named itself (medium). What anybody may set is no setting.
 */
export const keySettings = defineDetector<KeySettingsOptions>({
  id: 'key-settings',
  title: 'A key set whom a contract pays or trusts',
  scenario:
    'No money moves and no owner changes: a stolen key makes a thief the payee of what vests, swaps the root of a list of claims, or makes a contract of his the peer on another chain. Days later he is paid as the rules say.',
  signal:
    'After every block that touches the contract, and every `everyBlocks`, it reads whom `values`, `slots`, `lists` and `keyed` name. It pages where an address or a hash became another by a call that nobody else may make, where a peer of a list is replaced, where a limit of a list is named ten times as large, and where a root or signer became nothing and calls that were refused before now pass for a stranger. `medium`: a timelock had announced it; the same account set it within the week (a hash, ever before); three accounts have set it; the contract worked it out itself; the new one named itself, is a timelock or Safe of the config or got tokens beside; nobody stood there before or stands there now; or no call names what stands at a place of a list or in a slot. Of several transactions that name the new value the gravest counts.',
  response:
    'Does anybody know the new value in the facts? If not, set it back before anybody is paid by it, pause, and take the key that set it for stolen.',
  knownLimits: [
    'Of numbers only limits by chain or key are read; for fees and caps there are `state` and `value-jump`.',
    'An address that shares its slot with smaller values below it, and lists beyond their first eight places, are not read.',
    'A mapping by account is not read; rights of accounts are for `new-rights`.',
    'What stood nowhere under a key of 32 bytes is `medium`, though a thief may add a new key of his own.',
    'Whoever stole the key that has set a hash ever since stays at `medium`.',
    'What another contract keeps about yours, such as an endpoint that says who vouches for its messages, is not read.',
    'A payee whom honest owners change, and no timelock announced, pages.',
  ],
  severity: 'high',
  sign: { stage: 'preparation', restsOn: 'power' },
  options: keySettingsOptions,
  when: 'none',
  needs: ['logs', 'calldata', 'state'],

  compile(assignment) {
    const { targets, names } = assignment
    const addresses = targets.map(({ address }) => address)
    const asked = askedOf(assignment.options)
    const holders = new Set(addresses)
    return {
      learns: true,
      interests: [
        { kind: 'transaction', touching: addresses },
        { kind: 'log', addresses },
        { kind: 'tick', everyBlocks: assignment.options.everyBlocks },
        ...planInterests(names),
      ],
      reads: (view, memory) => [
        ...readsOfPlans(holders, view),
        ...targets.flatMap((target) => readsOf(target, view, recall(memory, target), asked)),
      ],
      detect(observation, memory) {
        const claims: Claim[] = []
        const blind: string[] = []
        const remember: Record<string, Json> = {}
        for (const target of targets) {
          const known = recall(memory, target)
          if (!isDue(target, observation, known)) continue
          const judged = judge(target, { observation, known, asked, names })
          claims.push(...judged.claims)
          blind.push(...judged.blind)
          const { calls, ...now } = judged.row
          const { calls: before, ...was } = known ?? { calls: {} }
          if (!isDeepStrictEqual(now, was)) remember[rowKey(target)] = now
          if (calls !== before && Object.keys(calls).length > 0) remember[callsKey(target)] = calls
        }
        return { claims, blind: reasonList(blind), memory: remember }
      },
    }
  },
})

function askedOf({ values, slots, lists, keyed, restless }: KeySettingsOptions): Asked {
  const plain = (texts: readonly string[]) => [...new Set(texts.map((text) => text.toLowerCase() as Hex))]
  return {
    ...{ values: plain(values), slots: plain(slots), lists: plain(lists), keyed: plain(keyed) },
    restless: new Set(plain(restless)),
  }
}

const isDue = ({ address }: Contract, view: View, known: Row | undefined): boolean =>
  view.ticked ||
  known === undefined ||
  view.logs.some((log) => log.address === address) ||
  view.outcomes.some(({ transaction }) => transaction.to === address) ||
  readsOfPlans(new Set([address]), view).length > 0

const call = (at: Read['at'], to: Address, data: Hex): Read => ({ at, kind: 'call', to, data })
const storage = (at: Read['at'], of: Address, slot: Hex): Read => ({ at, kind: 'storage', of, slot })
type Place = { place: Hex; kind: 'list' | 'keyed' }
function placesOf({ numbers, hashes }: Hand, { lists, keyed }: Asked): Place[] {
  const at = (kind: Place['kind'], selectors: readonly Hex[], keys: readonly string[]) =>
    selectors.flatMap((each) => keys.map((key): Place => ({ place: `${each}${key}`, kind })))
  return [...at('list', lists, numbers), ...at('keyed', keyed, [...numbers, ...hashes])]
}

function readsOf(target: Contract, view: View, known: Row | undefined, asked: Asked): Read[] {
  if (!isDue(target, view, known)) return []
  const { address } = target
  const moments = known ? (['block'] as const) : (['parent', 'block'] as const)
  const { hands } = handsAt(address, view)
  const calls = known?.calls ?? {}
  return [
    ...(hands.some((hand) => mayClear(hand, calls)) ? readsOfTrials(address, calls) : []),
    ...asked.values.flatMap((value) => moments.map((at) => call(at, address, value))),
    ...asked.slots.flatMap((slot) => moments.map((at) => storage(at, address, slot))),
    ...hands
      .filter(({ way }) => !isDull(known?.ways ?? {}, way))
      .flatMap((hand) => [
        ...(hand.isDirect ? [byNobody(hand.transaction, address)] : []),
        ...placesOf(hand, asked).flatMap(({ place }) => [
          call('parent', address, place),
          call('block', address, place),
        ]),
      ]),
  ]
}

type Judging = {
  observation: Observation
  known: Row | undefined
  asked: Asked
  names: ReadonlyMap<string, Contract>
}

function judge(target: Contract, { observation, known, asked, names }: Judging) {
  const claims: Claim[] = []
  const before = known ?? first
  const { hands, left } = handsAt(target.address, observation)
  const seen = changesAt(target, hands, { observation, known, asked })
  const blind = [...seen.blind]
  if (left > 0) blind.push(`${left} more transactions with ${target.name} in one block were not judged.`)
  let { hands: setBefore, silent } = before
  const setting = new Map<Hand, number>()
  for (const change of seen.changes) {
    const isOfMany = change.kind === 'list' || change.kind === 'keyed' || change.kind === 'limit'
    const place = isOfMany ? (change.place.slice(0, 10) as Hex) : change.place
    const own = setBefore[place] ?? {}
    const restless = asked.restless.has(place)
    const isOpening = change.now === nothing && hands.some((each) => mayClear(each, before.calls))
    const opened = isOpening ? openedBy(target.address, before.calls, observation) : null
    const suspects = handsBehind(change, hands, observation)
    if (suspects.length === 0 && change.hand) suspects.push(change.hand)
    if (suspects.length === 0) silent++
    // Whoever names the same value beside, by a call that anybody may make, does not speak for the one who set it.
    const told = (suspects.length === 0 ? [undefined] : suspects).map((hand) => {
      const isKnownWay = hand !== undefined && (before.ways[hand.way]?.[1] ?? 0) > 0
      const given = { target, hand, hands: own, restless, isKnownWay, opened, count: silent, observation, names }
      return { hand, claim: claimSetting(change, given) }
    })
    const { hand, claim } =
      told.find((each) => each.claim && !each.claim.severity) ?? told.find((each) => each.claim) ?? told[0]!
    if (claim) claims.push(claim)
    if (!hand) continue
    setting.set(hand, (setting.get(hand) ?? 0) + 1)
    setBefore = { ...setBefore, [place]: afterHand(own, hand.by, observation.block.timestamp) }
  }
  const ways = hands.reduce<Habits>((book, hand) => afterLook(book, hand.way, setting.get(hand) ?? 0), before.ways)
  return {
    claims,
    blind,
    row: { last: seen.last, hands: setBefore, ways, silent, calls: afterCalls(before.calls, hands) } satisfies Row,
  }
}

/** Shares and masks are smaller; what is ten times as large is another limit. */
const [smallMax, many] = [255n, 10n]
const isRaised = (was: Hex, now: Hex): boolean =>
  BigInt(was) > 0n && BigInt(now) > smallMax && BigInt(now) >= BigInt(was) * many

/** A function without arguments, or a place in a list that is asked for by its number. */
const kindOf = (place: Hex) => (place.length > 10 ? ('element' as const) : ('value' as const))

/** Beside an address in a slot may lie smaller values, which are no part of it. */
const lowAddress = (data: Hex): Hex => `0x${data.slice(2).padStart(64, '0').slice(24).padStart(64, '0')}`

type Seen = { changes: (Change & { hand?: Hand })[]; last: Row['last']; blind: string[] }

function changesAt(
  target: Contract,
  hands: readonly Hand[],
  { observation: { state }, known, asked }: Omit<Judging, 'names'>,
): Seen {
  const { address } = target
  const changes: Seen['changes'] = []
  const last: Record<Hex, Hex> = {}
  const blind = new Set<string>()
  const wordOf = (read: Read): Hex | null => {
    const answer = state(read)
    if (!answer.ok && !answer.reverted)
      blind.add(`What ${target.name} trusts or pays could not be read: ${answer.reason}`)
    if (!answer.ok) return null
    return read.kind === 'storage' ? lowAddress(answer.data) : linkWord(answer.data)
  }
  const answerOf = (at: Read['at'], data: Hex) => wordOf(call(at, address, data))
  const alone = [
    ...asked.values.map((place) => ({ place, kind: kindOf(place), read: call })),
    ...asked.slots.map((place) => ({ place, kind: 'slot' as const, read: storage })),
  ]
  for (const { place, kind, read } of alone) {
    const now = wordOf(read('block', address, place))
    const was = known ? (known.last[place] ?? null) : wordOf(read('parent', address, place))
    const kept = now ?? was
    if (kept) last[place] = kept
    if (now && was && now !== was) changes.push({ place, was, now, kind })
  }
  const places = hands
    .filter(({ way }) => !isDull(known?.ways ?? {}, way))
    .flatMap((hand) => placesOf(hand, asked).map((each) => ({ hand, ...each })))
  for (const { hand, place, kind } of new Map(places.map((each) => [each.place, each])).values()) {
    if (asked.values.includes(place)) continue
    const [was, now] = [answerOf('parent', place), answerOf('block', place)]
    if (!was || !now || was === now) continue
    if (isLink(now === nothing ? was : now)) changes.push({ place, was, now, kind, hand })
    else if (isRaised(was, now) && hand.input.includes(now.slice(2))) {
      changes.push({ place, was, now, kind: 'limit', hand })
    }
  }
  return { changes, last, blind: [...blind] }
}

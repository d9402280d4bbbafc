import { keccak256, toFunctionSelector, toHex } from 'viem/utils'
import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment, Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, ReadResult } from '../../../model/read.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { knownCall } from '../../calls/knownFunctions.ts'
import { hexShape, remembered } from '../../remembered.ts'
import { nowRead } from '../../simulation/simulatedReads.ts'
import type { Effect } from './effects.ts'
import { place, resolvePlace } from './place.ts'

const guardianOption = z.strictObject({
  account: place,
  contract: place,
  may: z
    .string()
    .regex(/^[a-zA-Z_$][\w$]{0,63}\(\)$/, 'write a function without arguments, such as pause()')
    .default('pause()'),
  role: z
    .string()
    .regex(
      /^([A-Z][A-Z0-9_]{0,63}|0x[0-9a-fA-F]{64})$/,
      'write the name of a role, such as CANCELLER_ROLE, or its hash',
    )
    .optional(),
})

export const guardiansOption = z
  .array(guardianOption)
  .max(8)
  .default([])
  .describe(
    'Who must still be able to stop what: `{ account: $guardian, contract: $vault }` tries whether `pause()`, or the function under `may`, would still go through for that account once a proposal had been carried out; with `role`, such as `CANCELLER_ROLE`, it asks whether it would still hold that.',
  )

export type Guardian = {
  account: Address
  contract: Address
  /** What it may: a function, or a role. */
  may: string
  ask(account: Address): Probe
  isAble(answer: ReadResult): boolean
}

export function guardiansOf(
  options: readonly z.output<typeof guardianOption>[],
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Guardian[] {
  return options.map(({ account, contract, may, role }) => {
    const places = { account: resolvePlace(account, assignment)!, contract: resolvePlace(contract, assignment)! }
    return { ...places, ...(role === undefined ? byCall(places.contract, may) : byRole(places.contract, role)) }
  })
}

const byCall = (to: Address, may: string): Pick<Guardian, 'may' | 'ask' | 'isAble'> => ({
  may,
  ask: (from) => ({ kind: 'call', to, data: toFunctionSelector(`function ${may}`), from }),
  isAble: ({ ok }) => ok,
})

function byRole(to: Address, role: string): Pick<Guardian, 'may' | 'ask' | 'isAble'> {
  const id = role.startsWith('0x')
    ? role.toLowerCase()
    : role === 'DEFAULT_ADMIN_ROLE'
      ? `0x${'0'.repeat(64)}`
      : keccak256(toHex(role))
  const asked = `${toFunctionSelector('hasRole(bytes32,address)')}${id.slice(2)}`
  return {
    may: role,
    ask: (account) => ({ kind: 'call', to, data: `${asked}${'0'.repeat(24)}${account.slice(2)}` as Hex }),
    isAble: (answer) => answer.ok && /^0x0{63}1$/.test(answer.data),
  }
}

/** New holders of power that may be meant to take a guardian's place. */
const heirsMax = 4

/** Who gains power by some calls. */
export function heirsOf(calls: readonly Instruction[]): Address[] {
  const deeds = calls.flatMap((call) => knownCall(call)?.deed ?? [])
  return [...new Set(deeds.flatMap(({ kind, gains }) => (kind === 'power' && gains ? [gains] : [])))].slice(0, heirsMax)
}

/** So long whoever was to gain power by an order may be meant to take the place of one who loses it by another. */
const heirSeconds = 60 * 86_400

/** Whom orders were to give power, with the unix time of the last one, the newest last. Plain data. */
const rememberedHeirs = remembered(z.array(z.tuple([hexShape, z.number()])))
export const heirsKey = 'heirs'

/** Who was to gain power by orders before. */
export const heirsBefore = (memory: Memory, now: number): Address[] =>
  (rememberedHeirs(memory, heirsKey) ?? []).flatMap(([heir, at]) => (at > now - heirSeconds ? [heir] : []))

/** What to remember of the heirs; null: nothing new. */
export function heirsAfter(memory: Memory, fresh: readonly Address[], now: number): Json {
  if (fresh.length === 0) return null
  const known = (rememberedHeirs(memory, heirsKey) ?? []).filter(([heir]) => !fresh.includes(heir))
  return [...known, ...fresh.map((heir): [Address, number] => [heir, now])].slice(-heirsMax)
}

/** The guardian tries first; where that fails it changes nothing, and each heir tries in its turn. */
export const guardianProbes = (guardian: Guardian, heirs: readonly Address[]): Probe[] =>
  [guardian.account, ...heirs].map(guardian.ask)

export const guardianNow = (guardian: Guardian) => nowRead(guardian.ask(guardian.account))

/** The guardian can do now what it could not do afterwards. `replaced`: somebody else could then. */
export function guardianLost(
  guardian: Guardian,
  observation: Observation,
  after: readonly ReadResult[],
  { heirs, show }: { heirs: readonly Address[]; show(address: Address): string },
): (Effect & { replaced: boolean }) | null {
  const [own, ...others] = after
  if (!guardian.isAble(observation.state(guardianNow(guardian))) || !own || guardian.isAble(own)) return null
  const heir = heirs.find((_, place) => others[place] && guardian.isAble(others[place]))
  const { account, contract, may } = guardian
  const what = `take ${may} of ${show(contract)} from ${show(account)}`
  return {
    name: `guardian ${account} ${contract} ${may}${heir ? ' replaced' : ''}`,
    address: contract,
    kind: 'guardian',
    words: heir ? `${what} and give it to ${show(heir)}` : `${what}, so that it could no longer be stopped`,
    facts: { guardian: account, may, heir: heir ?? null },
    replaced: heir !== undefined,
  }
}

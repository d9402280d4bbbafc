import { toFunctionSelector } from 'viem'
import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Probe, ReadResult } from '../../../model/read.ts'
import type { Instruction } from '../../calls/instruction.ts'
import { knownCall } from '../../calls/knownFunctions.ts'
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
})

export const guardiansOption = z
  .array(guardianOption)
  .max(8)
  .default([])
  .describe(
    'Who must still be able to stop what: `{ account: $guardian, contract: $vault }` tries whether `pause()`, or the function under `may`, would still go through for that account once a proposal had been carried out.',
  )

export type Guardian = { account: Address; contract: Address; may: string; data: Hex }

export function guardiansOf(
  options: readonly z.output<typeof guardianOption>[],
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Guardian[] {
  return options.map(({ account, contract, may }) => ({
    account: resolvePlace(account, assignment)!,
    contract: resolvePlace(contract, assignment)!,
    may,
    data: toFunctionSelector(`function ${may}`),
  }))
}

/** New holders of power that may be meant to take a guardian's place. */
const heirsMax = 4

/** Who gains power by some calls. */
export function heirsOf(calls: readonly Instruction[]): Address[] {
  const deeds = calls.flatMap((call) => knownCall(call)?.deed ?? [])
  return [...new Set(deeds.flatMap(({ kind, gains }) => (kind === 'power' && gains ? [gains] : [])))].slice(0, heirsMax)
}

const tried = ({ contract, data }: Guardian, from: Address): Probe => ({ kind: 'call', to: contract, data, from })

/** The guardian tries first; where that fails it changes nothing, and each heir tries in its turn. */
export const guardianProbes = (guardian: Guardian, heirs: readonly Address[]): Probe[] =>
  [guardian.account, ...heirs].map((account) => tried(guardian, account))

export const guardianNow = (guardian: Guardian) => nowRead(tried(guardian, guardian.account))

/** The guardian can do now what it could not do afterwards. `replaced`: somebody else could then. */
export function guardianLost(
  guardian: Guardian,
  observation: Observation,
  after: readonly ReadResult[],
  { heirs, show }: { heirs: readonly Address[]; show(address: Address): string },
): (Effect & { replaced: boolean }) | null {
  const [own, ...others] = after
  if (!observation.state(guardianNow(guardian)).ok || !own || own.ok) return null
  const heir = heirs.find((_, place) => others[place]?.ok)
  const { account, contract, may } = guardian
  const what = `take ${may} of ${show(contract)} from ${show(account)}`
  return {
    name: `guardian ${account} ${contract} ${may}`,
    address: contract,
    kind: 'guardian',
    words: heir ? `${what} and give it to ${show(heir)}` : `${what}, so that it could no longer be stopped`,
    facts: { guardian: account, may, heir: heir ?? null },
    replaced: heir !== undefined,
  }
}

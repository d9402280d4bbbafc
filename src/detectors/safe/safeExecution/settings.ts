import { keccak256, toHex } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'
import type { Read } from '../../../model/read.ts'
import type { SafeEventName } from './safeLogs.ts'

const slot = (number: number): Hex => toHex(number, { size: 32 })
const named = (name: string): Hex => keccak256(toHex(name))

/**
 * Who decides over a Safe, as its storage holds it, which a delegatecall can write without any event. The first slot, whose
 * code it runs, is watched by `privileged-change`. Since version 0.1 the places have been the same.
 */
const slots = {
  ownerCount: slot(3),
  threshold: slot(4),
  nonce: slot(5),
  /** Of the list of modules its first, where new ones are put: `modules[0x1]`, a mapping in slot 1. */
  firstModule: keccak256(`0x${slot(1).slice(2)}${slot(1).slice(2)}`),
  guard: named('guard_manager.guard.address'),
  moduleGuard: named('module_manager.module_guard.address'),
  fallbackHandler: named('fallback_manager.handler.address'),
} as const satisfies Record<string, Hex>

export type SettingName = keyof typeof slots
export const settingNames = Object.keys(slots) as SettingName[]

/** As words without leading zeros, such as `0x2`. */
export type Settings = Record<SettingName, Hex>

export const labels: Record<SettingName, string> = {
  ownerCount: 'number of owners',
  threshold: 'threshold',
  nonce: 'nonce',
  firstModule: 'list of modules',
  guard: 'guard',
  moduleGuard: 'guard of the modules',
  fallbackHandler: 'fallback handler',
}

/** What explains that a setting changed: an event, or a call to the Safe itself of versions that tell nothing. */
export const explanations: Record<Exclude<SettingName, 'nonce'>, { events: SafeEventName[]; calls: string[] }> = {
  ownerCount: { events: ['addedOwner', 'removedOwner'], calls: [] },
  threshold: { events: ['threshold'], calls: [] },
  firstModule: { events: ['enabledModule', 'disabledModule'], calls: [] },
  guard: { events: ['guard'], calls: ['setGuard'] },
  moduleGuard: { events: ['moduleGuard'], calls: ['setModuleGuard'] },
  fallbackHandler: { events: ['fallbackHandler'], calls: ['setFallbackHandler'] },
}

const slotRead = (of: Address, name: SettingName, at: Read['at']): Read => ({
  kind: 'storage',
  of,
  slot: slots[name],
  at,
})
/** Of the state before the block: what happens in it may take the answer away. */
const thresholdCall = (to: Address): Read => ({ kind: 'call', to, data: '0xe75235b8', at: 'parent' })

export const nonceBefore = (safe: Address): Read => slotRead(safe, 'nonce', 'parent')

/** `isKnown`: its settings are remembered. Else those before the block are read too, and whether it is a Safe at all. */
export function readsOfSettings({ address }: Contract, isKnown: boolean): Read[] {
  const now = settingNames.map((name) => slotRead(address, name, 'block'))
  if (isKnown) return now
  return [...now, ...settingNames.map((name) => slotRead(address, name, 'parent')), thresholdCall(address)]
}

export function settingsAt(observation: Observation, safe: Contract, at: Read['at']): Settings | { blind: string } {
  const settings: Partial<Settings> = {}
  for (const name of settingNames) {
    const answer = observation.state(slotRead(safe.address, name, at))
    if (!answer.ok) return { blind: `The settings of ${safe.name} could not be read: ${answer.reason}` }
    settings[name] = toHex(BigInt(answer.data))
  }
  return settings as Settings
}

/** Whether its storage is that of a Safe: what it answers is what stands there. Null: it did not answer. */
export function isSafe(observation: Observation, { address }: Contract, { threshold }: Settings): boolean | null {
  const answer = observation.state(thresholdCall(address))
  if (!answer.ok) return answer.reverted ? false : null
  return answer.data.length === 66 && BigInt(answer.data) === BigInt(threshold) && BigInt(threshold) > 0n
}

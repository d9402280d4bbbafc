import { keccak256 } from 'viem/utils'
import { delegateOf } from '../../evm/accountCode.ts'
import { proxySlots } from '../../evm/proxySlots.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Observation } from '../../model/observation.ts'
import type { Read } from '../../model/read.ts'

/** Power over a contract as its state holds it, in the order in which it is told. */
export const stateNames = [
  'implementation',
  'legacyImplementation',
  'proxiableImplementation',
  'singleton',
  'ownImplementation',
  'beacon',
  'beaconImplementation',
  'proxyAdmin',
  'admin',
  'owner',
  'pendingOwner',
  'authority',
  'paused',
  'code',
  'implementationCode',
] as const
export type StateName = (typeof stateNames)[number]

/** Values as text: an address, `true`, a code hash; `none` where the contract does not answer. */
export type StateValues = Partial<Record<StateName, string>>

export const none = 'none'
const zero = `0x${'0'.repeat(40)}`
export const isSet = (value: string | undefined): value is Address =>
  /^0x[0-9a-f]{40}$/.test(value ?? '') && value !== zero

const slots: Partial<Record<StateName, Hex>> = {
  implementation: proxySlots.implementation,
  beacon: proxySlots.beacon,
  proxyAdmin: proxySlots.admin,
  legacyImplementation: proxySlots.legacyImplementation,
  proxiableImplementation: proxySlots.proxiable,
}
const firstSlot: Hex = `0x${'0'.repeat(64)}`

const selectors: Partial<Record<StateName, Hex>> = {
  owner: '0x8da5cb5b',
  pendingOwner: '0xe30c3978',
  authority: '0xbf7e214f',
  paused: '0x5c975abb',
  admin: '0xf851a440',
  ownImplementation: '0x5c60da1b',
}

/** A question without its moment. */
export type Question =
  | Omit<Extract<Read, { kind: 'storage' }>, 'at'>
  | Omit<Extract<Read, { kind: 'call' }>, 'at'>
  | Omit<Extract<Read, { kind: 'code' }>, 'at'>

/** Where each value stands. Behind a beacon or a proxy it depends on the values that are known already. */
export function questionsOf({ address, kind }: Contract, known: StateValues): Map<StateName, Question> {
  const questions = new Map<StateName, Question>()
  for (const [name, slot] of Object.entries(slots)) {
    questions.set(name as StateName, { kind: 'storage', of: address, slot })
  }
  if (kind === 'safe') questions.set('singleton', { kind: 'storage', of: address, slot: firstSlot })
  for (const [name, data] of Object.entries(selectors)) {
    questions.set(name as StateName, { kind: 'call', to: address, data })
  }
  questions.set('code', { kind: 'code', of: address })
  // A proxy with its slots may answer these as well; they say the same, and cost a read.
  if (isSet(implementationOf({ ...known, ownImplementation: none }))) questions.delete('ownImplementation')
  if (isSet(known.proxyAdmin)) questions.delete('admin')
  if (isSet(known.beacon)) {
    questions.set('beaconImplementation', { kind: 'call', to: known.beacon, data: selectors.ownImplementation! })
  }
  const implementation = implementationOf(known)
  if (isSet(implementation)) questions.set('implementationCode', { kind: 'code', of: implementation })
  return questions
}

/** The code that a proxy runs, wherever its standard keeps the address. */
export function implementationOf(values: StateValues): string | undefined {
  const places = [
    'implementation',
    'legacyImplementation',
    'proxiableImplementation',
    'singleton',
    'beaconImplementation',
    'ownImplementation',
  ] as const
  return places.map((place) => values[place]).find(isSet)
}

/** Text of an answer; undefined where nobody could answer. `large`: code that is too long to be read in every block. */
export function readValue(
  observation: Observation,
  name: StateName,
  question: Question,
  at: Read['at'],
): { value: string; large: boolean } | { value: undefined; reason: string } {
  const result = observation.state({ at, ...question })
  if (!result.ok) return result.reverted ? { value: none, large: false } : { value: undefined, reason: result.reason }
  if (question.kind === 'code') return { value: codeValue(result.data), large: result.data.length > largeCode }
  const value = name === 'paused' ? flagOf(result.data) : addressOf(result.data)
  // A slot that holds no address is shown as it is; a function that answers no address is another function.
  return { value: value ?? (question.kind === 'storage' ? result.data : none), large: false }
}

/** As hex digits. */
const largeCode = 2 * 1024

/** `empty`, `delegated to 0x…` (ERC-7702), or the hash that EXTCODEHASH gives. */
function codeValue(code: Hex): string {
  if (code === '0x') return 'empty'
  const delegate = delegateOf(code)
  return delegate ? `delegated to ${delegate}` : keccak256(code)
}

function addressOf(data: Hex): string | null {
  return /^0x0{24}[0-9a-f]{40}$/.test(data) ? `0x${data.slice(26)}` : null
}

function flagOf(data: Hex): string | null {
  if (!/^0x0{63}[01]$/.test(data)) return null
  return data.endsWith('1') ? 'true' : 'false'
}

import type { Address, Hex } from '../model/chain.ts'
import { type Read, type ReadResult, readKey } from '../model/read.ts'
import { proxySlots } from './proxySlots.ts'

export type ImplementationRead = Extract<Read, { kind: 'implementation' }>
type Place = Extract<Read, { kind: 'storage' | 'call' }>
type Answers = ReadonlyMap<string, ReadResult>

/** `implementation()`, of beacons and of proxies that keep to no standard. */
const implementationCall: Hex = '0x5c60da1b'
const zero = `0x${'0'.repeat(40)}`

/** Where a proxy may keep whose code it runs, in the order in which it counts. */
export function placesOf({ at, of }: ImplementationRead): Place[] {
  const { implementation, beacon, legacyImplementation, proxiable } = proxySlots
  const inSlots = [implementation, beacon, legacyImplementation, proxiable]
  return [
    ...inSlots.map((slot): Place => ({ at, kind: 'storage', of, slot })),
    { at, kind: 'call', to: of, data: implementationCall },
  ]
}

/** What is asked next of a proxy that goes by a beacon; null for others. */
export function beaconRead(read: ImplementationRead, answers: Answers): Place | null {
  const found = firstAddress(read, answers)
  return found.slot === proxySlots.beacon
    ? { at: read.at, kind: 'call', to: found.address, data: implementationCall }
    : null
}

/** The answer, once the places and the beacon were asked. */
export function implementationIn(read: ImplementationRead, answers: Answers): ReadResult {
  const found = firstAddress(read, answers)
  if (found.failure) return found.failure
  if (found.slot !== proxySlots.beacon) return { ok: true, data: wordOf(found.address) }
  const told = answers.get(readKey(beaconRead(read, answers)!))
  const behind = told?.ok ? addressIn(told.data) : null
  if (behind) return { ok: true, data: wordOf(behind) }
  if (told?.ok === false && !told.reverted) return told
  return { ok: false, reverted: false, reason: `the beacon ${found.address} names no implementation` }
}

type Found = { address: Address; slot: Hex | null; failure?: ReadResult }

/** The first place that holds an address, unless one before it could not be read. */
function firstAddress(read: ImplementationRead, answers: Answers): Found {
  for (const place of placesOf(read)) {
    const slot = place.kind === 'storage' ? place.slot : null
    const result = answers.get(readKey(place))
    // Who does not have the function reverts.
    if (result && !result.ok && !result.reverted) return { address: zero as Address, slot: null, failure: result }
    const address = result?.ok ? addressIn(result.data) : null
    if (address) return { address, slot }
  }
  return { address: zero as Address, slot: null }
}

function addressIn(data: Hex): Address | null {
  const address = /^0x0{24}([0-9a-f]{40})$/.exec(data)?.[1]
  return address && `0x${address}` !== zero ? `0x${address}` : null
}

const wordOf = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`

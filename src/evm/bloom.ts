import { keccak } from '../lib/keccak.ts'
import type { Hex, Log } from '../model/chain.ts'

/** Three bits of the 2048 of a logs bloom, by their number; bit 0 is the last of the last byte. */
export type BloomBits = readonly [number, number, number]

/** Whether a log with these bits may be in a block. */
export type MayLog = (bits: BloomBits) => boolean

/** The bits that a log's address or topic sets in the bloom of its block. See the Yellow Paper, section 4.3.1. */
export function bloomBits(value: Hex): BloomBits {
  const digest = keccak(Buffer.from(value.slice(2), 'hex'))
  const bit = (offset: number) => ((digest[offset]! << 8) | digest[offset + 1]!) & 2047
  return [bit(0), bit(2), bit(4)]
}

/** False: certainly no log with this address or topic is in the block. True: perhaps. */
export function mayContain(bloom: Uint8Array, [first, second, third]: BloomBits): boolean {
  return isSet(bloom, first) && isSet(bloom, second) && isSet(bloom, third)
}

function isSet(bloom: Uint8Array, bit: number): boolean {
  return (bloom[255 - (bit >> 3)]! & (1 << (bit & 7))) !== 0
}

/**
 * Whether logs account for every bit of their block's bloom. Where they do not, one of them was kept from us, except on
 * chains that keep no true blooms and fill them all the same: of these, those that set every bit are let pass.
 */
export function explainsBloom(bloom: Uint8Array, logs: Iterable<Log>): boolean {
  if (bloom.every((byte) => byte === 0xff)) return true
  const left = Uint8Array.from(bloom)
  for (const { address, topics } of logs) {
    clear(left, address)
    for (const topic of topics) clear(left, topic)
  }
  return left.every((byte) => byte === 0)
}

function clear(bloom: Uint8Array, value: Hex): void {
  for (const bit of keptBits(value)) bloom[255 - (bit >> 3)]! &= ~(1 << (bit & 7))
}

const keptMax = 20_000
const kept = new Map<Hex, BloomBits>()

/** Hashing is what costs, and a few tokens and events are in nearly every block. */
function keptBits(value: Hex): BloomBits {
  const known = kept.get(value)
  if (known) return known
  const bits = bloomBits(value)
  if (kept.size >= keptMax) kept.clear()
  kept.set(value, bits)
  return bits
}

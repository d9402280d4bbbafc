import { keccak256 } from 'viem'
import type { Hex, Log } from '../model/chain.ts'

/** Three bits of the 2048 of a logs bloom, as byte position and mask. */
export type BloomBits = readonly { byte: number; mask: number }[]

/** Whether a log with these bits may be in a block. */
export type MayLog = (bits: BloomBits) => boolean

/** The bits that a log's address or topic sets in the bloom of its block. See the Yellow Paper, section 4.3.1. */
export function bloomBits(value: Hex): BloomBits {
  const digest = Buffer.from(keccak256(value, 'bytes'))
  return [0, 2, 4].map((offset) => {
    const bit = digest.readUInt16BE(offset) & 2047
    return { byte: 255 - (bit >> 3), mask: 1 << (bit & 7) }
  })
}

/** False: certainly no log with this address or topic is in the block. True: perhaps. */
export function mayContain(bloom: Uint8Array, bits: BloomBits): boolean {
  return bits.every(({ byte, mask }) => (bloom[byte]! & mask) !== 0)
}

/**
 * Whether logs account for every bit of their block's bloom. Where they do not, one of them was kept from us, except on
 * chains that keep no true blooms and fill them all the same: of these, those that set every bit are let pass.
 */
export function explainsBloom(bloom: Uint8Array, logs: Iterable<Log>): boolean {
  if (bloom.every((byte) => byte === 0xff)) return true
  const left = Uint8Array.from(bloom)
  for (const { address, topics } of logs) {
    for (const value of [address, ...topics]) {
      for (const { byte, mask } of keptBits(value)) left[byte] = left[byte]! & ~mask
    }
  }
  return left.every((byte) => byte === 0)
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

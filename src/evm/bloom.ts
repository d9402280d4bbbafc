import { keccak256 } from 'viem'
import type { Hex } from '../model/chain.ts'

/** Three bits of the 2048 of a logs bloom, as byte position and mask. */
export type BloomBits = readonly { byte: number; mask: number }[]

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

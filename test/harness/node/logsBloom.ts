import { keccak256 } from 'viem'
import type { Hex } from '../../../src/model/chain.ts'

/** The 2048-bit bloom of the yellow paper over the addresses and topics of logs. */
export function logsBloom(logs: readonly { address: Hex; topics: readonly Hex[] }[]): Hex {
  const bloom = new Uint8Array(256)
  const items = new Set(logs.flatMap(({ address, topics }) => [address, ...topics]))
  for (const item of items) {
    const digest = keccak256(item, 'bytes')
    for (const pair of [0, 2, 4]) {
      const bit = ((digest[pair]! << 8) | digest[pair + 1]!) & 2047
      const at = 255 - (bit >> 3)
      bloom[at] = bloom[at]! | (1 << (bit & 7))
    }
  }
  return `0x${Buffer.from(bloom).toString('hex')}`
}

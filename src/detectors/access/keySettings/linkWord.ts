import type { Hex } from '../../../model/chain.ts'

const bytesAhead = `0x${'20'.padStart(64, '0')}`
const [addressBytes, bytesMax] = [20, 1_024]

/**
 * What a function answered, as one word: an address, a hash, or of bytes, as which older bridges keep a peer, the first
 * thirty-two, of which twenty are an address. Null: it is nothing of that kind.
 */
export function linkWord(data: Hex): Hex | null {
  if (data.length === 66) return data
  if (data.length < 130 || !data.startsWith(bytesAhead)) return null
  const size = BigInt(`0x${data.slice(66, 130)}`)
  if (size === 0n) return `0x${'0'.repeat(64)}`
  const content = data.slice(130, 194)
  if (size < addressBytes || size > bytesMax || content.length < 64) return null
  return size === 20n ? `0x${content.slice(0, 40).padStart(64, '0')}` : `0x${content}`
}

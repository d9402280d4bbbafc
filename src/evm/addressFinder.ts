import type { Address, Hex } from '../model/chain.ts'

/** Which of some addresses stand in a code or in what its constructor is handed, each once. */
export type AddressFinder = (code: Hex) => Address[]

const tailBytes = 4
/** An address with more zeros before it, such as that of a precompile, stands in any code by chance. */
const bytesMin = 8

/** Its work grows with the code and not with the number of addresses. */
export function addressFinder(addresses: Iterable<Address>): AddressFinder {
  const byTail = new Map<number, { address: Address; bytes: Buffer }[]>()
  for (const address of addresses) {
    // The compiler pushes an address without its leading zeros.
    const bytes = Buffer.from(address.slice(2).replace(/^(00)+/, ''), 'hex')
    if (bytes.length < bytesMin) continue
    const tail = bytes.readUInt32BE(bytes.length - tailBytes)
    byTail.set(tail, [...(byTail.get(tail) ?? []), { address, bytes }])
  }
  return (code) => {
    if (byTail.size === 0) return []
    const text = Buffer.from(code.slice(2), 'hex')
    const found = new Set<Address>()
    let tail = 0
    for (let end = 0; end < text.length; end++) {
      tail = ((tail << 8) | text[end]!) >>> 0
      for (const { address, bytes } of byTail.get(tail) ?? []) {
        const start = end + 1 - bytes.length
        if (start >= 0 && text.compare(bytes, 0, bytes.length, start, end + 1) === 0) found.add(address)
      }
    }
    return [...found]
  }
}

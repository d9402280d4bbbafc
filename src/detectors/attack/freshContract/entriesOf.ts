import type { Address, Hex } from '../../../model/chain.ts'
import { callbackSelectors } from '../selectors.ts'

const [eq, xor, sub, push1, push3, push4, push20, push32] = [0x14, 0x18, 0x03, 0x60, 0x62, 0x63, 0x73, 0x7f]
/** Instructions after a selector within which it is compared with what was called. */
const nearMax = 3
const entriesMax = 64

type Pushed = { opcode: number; digits: string; next: number[] }

function pushesIn(code: Hex): Pushed[] {
  const bytes = Buffer.from(code.slice(2), 'hex')
  const pushes: Pushed[] = []
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode < push1 || opcode > push32) continue
    const end = at + opcode - push1 + 2
    if (opcode === push3 || opcode === push4 || opcode === push20)
      pushes.push({ opcode, digits: bytes.toString('hex', at + 1, end), next: [...bytes.subarray(end, end + nearMax)] })
    at = end - 1
  }
  return pushes
}

/**
 * Selectors of the functions of a contract, from creation or deployed code: constants that what was called is compared
 * with. Those that it calls elsewhere are shifted or stored, not compared. Callbacks come last.
 */
export function entriesOf(code: Hex): Hex[] {
  const compared = pushesIn(code).filter(
    ({ opcode, next }) => opcode !== push20 && next.some((each) => each === eq || each === xor || each === sub),
  )
  // The compiler pushes a selector without its leading zeros.
  const selectors = [...new Set(compared.map(({ digits }): Hex => `0x${digits.padStart(8, '0')}`))].slice(0, entriesMax)
  // Callbacks are for those who lend, not for whoever attacks.
  return selectors.toSorted((a, b) => Number(callbackSelectors.has(a)) - Number(callbackSelectors.has(b)))
}

/** Words at the end of creation code that are looked at: what its constructor is handed. */
const wordsMax = 12

/** Addresses that stand in creation code as constants, or are handed to its constructor: where it may send what it takes. */
export function receiversIn(code: Hex): Address[] {
  const constants = pushesIn(code).flatMap(({ opcode, digits }): Address[] =>
    opcode === push20 ? [`0x${digits}`] : [],
  )
  const end = code.slice(2).slice(-64 * wordsMax)
  const words = end.slice(end.length % 64).match(/.{64}/g) ?? []
  const handed = words.flatMap((word): Address[] => (/^0{24}(?!0{8})/.test(word) ? [`0x${word.slice(24)}`] : []))
  const isNone = (address: Address) => /^0x(f{40}|0{40})$/.test(address)
  return [...new Set([...handed, ...constants])].filter((address) => !isNone(address))
}

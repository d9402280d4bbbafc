import type { Address, Hex } from '../../model/chain.ts'

const delegatecall = 0xf4
const push1 = 0x60
const push3 = 0x62
const push4 = 0x63
const push32 = 0x7f
/** Code that does nothing but hand calls on is short; a contract of its own size may delegate to a library. */
const forwarderBytesMax = 4096

/** Whether some bytes, such as a selector or a topic, stand in the code. By chance they do so once in a million. */
export function holds(code: Hex, bytes: Hex): boolean {
  // The compiler pushes a selector without its leading zeros.
  const digits = bytes.slice(2).replace(/^(00)+/, '')
  for (let at = code.indexOf(digits, 2); at !== -1; at = code.indexOf(digits, at + 1)) if (at % 2 === 0) return true
  return false
}

/** Whether the code looks like that of a proxy or a diamond: short, and it delegates. */
export function looksLikeForwarder(code: Hex): boolean {
  const bytes = withoutMetadata(Buffer.from(code.slice(2), 'hex'))
  return bytes.length <= forwarderBytesMax && hasDelegatecall(bytes)
}

/** Whether the code may run that of others as itself. */
export const delegates = (code: Hex): boolean => hasDelegatecall(withoutMetadata(Buffer.from(code.slice(2), 'hex')))

function hasDelegatecall(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode === delegatecall) return true
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
  }
  return false
}

/**
 * Addresses that stand in the code as constants: pushed as 20 bytes, or as a word whose first 12 are zero, as the compiler
 * writes what is fixed at creation. Whether anybody is there, the chain must tell.
 */
export function addressesIn(code: Hex): Address[] {
  const bytes = withoutMetadata(Buffer.from(code.slice(2), 'hex'))
  const found = new Set<Address>()
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode < push1 || opcode > push32) continue
    const length = opcode - push1 + 1
    const pushed = bytes.subarray(at + 1, at + 1 + length).toString('hex')
    const digits = length === 32 && /^0{24}/.test(pushed) ? pushed.slice(24) : pushed
    // Masks, small numbers and texts have long runs of the same digit at one end.
    if (digits.length === 40 && !/^(0{8}|f{8})|(0{8}|f{8})$/.test(digits)) found.add(`0x${digits}`)
    at += length
  }
  return [...found]
}

/** The compiler puts words that are used more than once behind the code, of which an invalid instruction is the last. */
const [invalid, behindMax] = [0xfe, 32 * 32]

/** Constants of 32 bytes: hashes, among them the slots where proxies and libraries keep their variables. */
export function wordsIn(code: Hex): Hex[] {
  const bytes = withoutMetadata(Buffer.from(code.slice(2), 'hex'))
  const found = new Set<Hex>()
  const add = (at: number) => found.add(`0x${bytes.toString('hex', at, at + 32)}`)
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    const left = bytes.length - at - 1
    if (opcode === push32 && left >= 32) add(at + 1)
    if (opcode === invalid && left % 32 === 0 && left <= behindMax) {
      for (let word = at + 1; word < bytes.length; word += 32) add(word)
    }
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
  }
  return [...found]
}

/** How selectors are compared: by one of these, at once or with the one of the call on top again. */
const [comparing, dup1, dup16] = [new Set([0x03, 0x14, 0x18]), 0x80, 0x8f]

const isCompared = (bytes: Buffer, at: number): boolean =>
  comparing.has(bytes[at]! >= dup1 && bytes[at]! <= dup16 ? bytes[at + 1]! : bytes[at]!)

/**
 * What is pushed as four bytes: all selectors that the code compares with, and some numbers. Of three bytes, as selectors
 * are that begin with a zero, only what is compared: numbers are often as long.
 */
export function selectorsIn(code: Hex): Hex[] {
  const bytes = withoutMetadata(Buffer.from(code.slice(2), 'hex'))
  const found = new Set<Hex>()
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode === push4 && at + 4 < bytes.length) found.add(`0x${bytes.toString('hex', at + 1, at + 5)}`)
    if (opcode === push3 && isCompared(bytes, at + 4)) found.add(`0x00${bytes.toString('hex', at + 1, at + 4)}`)
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
  }
  found.delete('0xffffffff')
  return [...found]
}

const [log0, log4] = [0xa0, 0xa4]

/** Whether the code has an instruction that sends an event. */
export function hasLog(code: Hex): boolean {
  const bytes = withoutMetadata(Buffer.from(code.slice(2), 'hex'))
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!
    if (opcode >= log0 && opcode <= log4) return true
    if (opcode >= push1 && opcode <= push32) at += opcode - push1 + 1
  }
  return false
}

/** The CBOR map that Solidity writes behind the code holds a hash, in which any byte may stand. */
function withoutMetadata(code: Buffer): Buffer {
  const length = code.length < 2 ? 0 : code.readUInt16BE(code.length - 2) + 2
  const start = code.length - length
  return length > 2 && start > 0 && (code[start]! & 0xf0) === 0xa0 ? code.subarray(0, start) : code
}

/** Whose code a minimal proxy (ERC-1167) runs. */
export function cloneTarget(code: Hex): Address | undefined {
  const target = /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3/.exec(code)?.[1]
  return target ? `0x${target}` : undefined
}

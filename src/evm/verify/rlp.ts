import { malformed } from '../parseHex.ts'

/**
 * Bytes as the hex digits that they are written in, without `0x`. Nothing is turned into bytes before it is hashed: to
 * put texts together costs next to nothing, and they are read once, all at a time.
 */
export type Digits = string

/** A string of bytes, or a list of such things. */
export type RlpItem = Digits | readonly RlpItem[]

/** The digits behind the `0x`, which are looked at when they are hashed. @throws {RpcError} It is no hex. */
export function digitsOf(value: unknown, what: string): Digits {
  if (typeof value === 'string' && value.startsWith('0x')) return value.slice(2)
  throw malformed(what, value)
}

/** A number as RLP wants it: whole bytes, no leading zeros, and zero as nothing at all. */
export function rlpNumber(digits: Digits): Digits {
  let first = 0
  while (digits.charCodeAt(first) === 48) first += 1
  const significant = first === 0 ? digits : digits.slice(first)
  return significant.length % 2 === 0 ? significant : `0${significant}`
}

/**
 * Recursive Length Prefix, see the Yellow Paper, appendix B.
 * @param type Put before it as one byte, as EIP-2718 has it for receipts and transactions of a type; 0 for none.
 * @throws {RpcError} An odd number of digits.
 */
export function encodeRlp(item: RlpItem, type = 0): Digits {
  return type === 0 ? encode(item) : byte(type) + encode(item)
}

function encode(item: RlpItem): Digits {
  if (typeof item !== 'string') {
    let content = ''
    for (const inner of item) content += encode(inner)
    return header(content.length / 2, 0xc0) + content
  }
  if (item.length % 2 === 1) throw malformed('whole bytes in hex', item)
  // A single byte below 0x80 stands for itself.
  return item.length === 2 && item < '80' ? item : header(item.length / 2, 0x80) + item
}

/** @param offset 0x80 for a string of bytes, 0xc0 for a list. */
function header(bytes: number, offset: number): Digits {
  if (bytes < 56) return byte(offset + bytes)
  const length = rlpNumber(bytes.toString(16))
  return byte(offset + 55 + length.length / 2) + length
}

const bytes = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))
const byte = (value: number): Digits => bytes[value]!

import type { Hex } from '../../model/chain.ts'
import { RpcError } from '../rpc/rpcError.ts'

/** A string of bytes, or a list of such things. */
export type RlpItem = Hex | Uint8Array | readonly RlpItem[]

/** The most that a header takes: one byte that says how many follow, and eight of them. */
const headerMax = 9

/**
 * Recursive Length Prefix, see the Yellow Paper, appendix B. Written from its end to its beginning, so that the length
 * of a list is known by the time its header is due: one pass, one buffer.
 * @param type Put before it as one byte, as EIP-2718 has it for receipts and transactions of a type; 0 for none.
 * @throws {RpcError} Hex that is no whole bytes.
 */
export function encodeRlp(item: RlpItem, type = 0): Uint8Array {
  const buffer = Buffer.allocUnsafe(1 + roomFor(item))
  let start = writeBefore(buffer, buffer.length, item)
  if (type > 0) buffer[--start] = type
  return buffer.subarray(start)
}

/** A number as RLP wants it: whole bytes, no leading zeros, and zero as nothing at all. */
export function rlpNumber(value: Hex | number): Hex {
  const digits = typeof value === 'number' ? value.toString(16) : value.slice(2)
  let first = 0
  while (digits.charCodeAt(first) === 48) first += 1
  const significant = first === 0 ? digits : digits.slice(first)
  return significant.length % 2 === 0 ? `0x${significant}` : `0x0${significant}`
}

/** An upper bound of what an item takes, in bytes. */
function roomFor(item: RlpItem): number {
  if (typeof item === 'string') return headerMax + item.length / 2
  if (item instanceof Uint8Array) return headerMax + item.length
  let room = headerMax
  for (const inner of item) room += roomFor(inner)
  return room
}

/** Writes an item so that it ends before `end`, and gives where it starts. */
function writeBefore(buffer: Buffer, end: number, item: RlpItem): number {
  if (typeof item !== 'string' && !(item instanceof Uint8Array)) {
    let start = end
    for (let index = item.length - 1; index >= 0; index -= 1) start = writeBefore(buffer, start, item[index]!)
    return writeHeader(buffer, start, end - start, 0xc0)
  }
  const length = typeof item === 'string' ? Math.ceil((item.length - 2) / 2) : item.length
  const start = end - length
  if (typeof item !== 'string') buffer.set(item, start)
  else if (length > 0 && buffer.write(item.slice(2), start, length, 'hex') !== length) {
    throw new RpcError('malformed', `A provider gave ${item.slice(0, 60)} where whole bytes in hex were expected.`)
  }
  // A single byte below 0x80 stands for itself.
  return length === 1 && buffer[start]! < 0x80 ? start : writeHeader(buffer, start, length, 0x80)
}

/** @param offset 0x80 for a string of bytes, 0xc0 for a list. */
function writeHeader(buffer: Buffer, end: number, length: number, offset: number): number {
  let start = end
  if (length < 56) {
    buffer[--start] = offset + length
    return start
  }
  for (let left = length; left > 0; left = Math.floor(left / 256)) buffer[--start] = left & 0xff
  buffer[start - 1] = offset + 55 + (end - start)
  return start - 1
}

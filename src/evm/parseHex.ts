import type { Address, Hex } from '../model/chain.ts'
import { RpcError } from './rpc/rpcError.ts'

/** A JSON object of which nothing is known yet. */
export type Raw = Record<string, unknown>

/** @throws {RpcError} It is no object. */
export function asObject(value: unknown, what: string): Raw {
  if (value && typeof value === 'object' && !Array.isArray(value)) return value as Raw
  throw malformed(what, value)
}

/** @throws {RpcError} It is no list, or longer than `max`. */
export function asList(value: unknown, what: string, max: number): unknown[] {
  if (Array.isArray(value) && value.length <= max) return value
  throw malformed(what, value)
}

const lowerPattern = /^0x[0-9a-f]*$/
const hexPattern = /^0x[0-9a-fA-F]*$/
/** Of this length on, a text is decoded to see whether it is hex, which takes a fourth of the time of a pattern. */
const longLength = 130
const decoded = Buffer.allocUnsafe(64 * 1024)

/** Whole bytes as lower-case hex, which most providers give. @throws {RpcError} */
export function asHex(value: unknown, what: string): Hex {
  if (typeof value === 'string' && value.length % 2 === 0) {
    if (value.length < longLength ? lowerPattern.test(value) : isLongLower(value)) return value as Hex
    if (hexPattern.test(value)) return value.toLowerCase() as Hex
  }
  throw malformed(what, value)
}

/** Of a character beyond one byte the decoder sees the lower byte only, so those are looked for first. */
function isLongLower(value: string): boolean {
  if (!value.startsWith('0x') || value.toLowerCase() !== value || Buffer.byteLength(value) !== value.length)
    return false
  for (let from = 2; from < value.length; from += decoded.length * 2) {
    const piece = value.slice(from, from + decoded.length * 2)
    if (decoded.write(piece, 'hex') * 2 !== piece.length) return false
  }
  return true
}

/** Exactly so many bytes as lower-case hex. @throws {RpcError} */
export function asBytes(value: unknown, bytes: number, what: string): Hex {
  const hex = asHex(value, what)
  if (hex.length === 2 + bytes * 2) return hex
  throw malformed(what, value)
}

/** Whether it is this hash, which is known to be one. @throws {RpcError} It is none at all. */
export const isHash = (value: unknown, hash: Hex, what: string): boolean =>
  value === hash || asHash(value, what) === hash

export const asHash = (value: unknown, what: string): Hex => asBytes(value, 32, what)
export const asAddress = (value: unknown, what: string): Address => asKnown(value, 20, what)
/** What a log is found by: mostly the hash of an event, or an account. @throws {RpcError} */
export const asTopic = (value: unknown, what: string): Hex => asKnown(value, 32, what)

/** Texts that came before, each as it is to be read. */
const known = new Map<unknown, Hex>()
const knownMax = 16_384

/** The same accounts come again and again: one text stands for all of them, which is looked at and hashed once. */
function asKnown(value: unknown, bytes: number, what: string): Hex {
  const before = known.get(value)
  if (before !== undefined && before.length === 2 + bytes * 2) return before
  const hex = asBytes(value, bytes, what)
  if (known.size >= knownMax) known.clear()
  known.set(value, hex)
  return hex
}

const quantityPattern = /^0x[0-9a-fA-F]{1,64}$/

/** @throws {RpcError} It is no quantity of at most 256 bits. */
export function asBigint(value: unknown, what: string): bigint {
  if (typeof value === 'string' && quantityPattern.test(value)) return BigInt(value)
  throw malformed(what, value)
}

/** @throws {RpcError} It is no quantity, or more than `max`. */
export function asNumber(value: unknown, what: string, max = Number.MAX_SAFE_INTEGER): number {
  // What a double rounds is above every `max`, and stays so when it is rounded.
  if (typeof value === 'string' && quantityPattern.test(value)) {
    const number = Number(value)
    if (number <= max) return number
  }
  throw malformed(what, value)
}

/** Something else than expected was given; what, in words that are safe to show. */
export function malformed(what: string, value: unknown): RpcError {
  return new RpcError('malformed', `A provider gave ${shown(value)} where ${what} was expected.`)
}

/**
 * What somebody gave, in words that are safe to show. Lists and objects are not written out: they may be longer, or
 * nested deeper, than the stack bears.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 66)).slice(0, 70)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

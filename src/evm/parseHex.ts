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

const hexPattern = /^0x[0-9a-fA-F]*$/

/** Whole bytes as lower-case hex. @throws {RpcError} */
export function asHex(value: unknown, what: string): Hex {
  if (typeof value === 'string' && value.length % 2 === 0 && hexPattern.test(value)) return value.toLowerCase() as Hex
  throw malformed(what, value)
}

/** Exactly so many bytes as lower-case hex. @throws {RpcError} */
export function asBytes(value: unknown, bytes: number, what: string): Hex {
  const hex = asHex(value, what)
  if (hex.length === 2 + bytes * 2) return hex
  throw malformed(what, value)
}

export const asHash = (value: unknown, what: string): Hex => asBytes(value, 32, what)
export const asAddress = (value: unknown, what: string): Address => asBytes(value, 20, what)

/** @throws {RpcError} It is no quantity of at most 256 bits. */
export function asBigint(value: unknown, what: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value)
  throw malformed(what, value)
}

/** @throws {RpcError} It is no quantity, or more than `max`. */
export function asNumber(value: unknown, what: string, max = Number.MAX_SAFE_INTEGER): number {
  const number = Number(asBigint(value, what))
  if (number <= max) return number
  throw malformed(what, value)
}

function malformed(what: string, value: unknown): RpcError {
  // Writing out an object goes as deep as whoever sent it has chosen.
  const isList = Array.isArray(value) ? `a list of ${value.length}` : null
  const isObject = value && typeof value === 'object' ? 'an object' : null
  const shown = isList ?? isObject ?? JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
  return new RpcError('malformed', `A provider gave ${shown} where ${what} was expected.`)
}

import { KnownError } from '../../model/error.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

/** Reads the 64 hex digits from index `at` on; the caller has made sure that they are there. */
export type WordReader = (hex: string, at: number) => Value

/**
 * The reader of a type that fits one word, or null for all other types.
 *
 * Strict about padding, as Solidity's own decoder is: a word that does not fit its type is an error, never cut down.
 */
export function wordReader(type: string): WordReader | null {
  if (type === 'address') return readAddress
  if (type === 'bool') return readBool
  if (type === 'function') return fixedBytesReader(24)
  const [, kind, width] = /^(uint|int|bytes)([1-9]\d*)$/.exec(type) ?? []
  if (kind === undefined) return null
  const size = Number(width)
  const fits = kind === 'bytes' ? size <= 32 : size <= 256 && size % 8 === 0
  if (!fits) throw unknownType(type)
  if (kind === 'bytes') return fixedBytesReader(size)
  return kind === 'uint' ? uintReader(size) : intReader(size)
}

/** `uint` is none: topics and selectors are made of the canonical names, so it would match nothing. */
export function unknownType(type: string): KnownError {
  return new KnownError('invalid', `The ABI has a type ${type}, which does not exist.`, {
    hints: ['Types are written as in signatures: uint256, address, tuple.'],
  })
}

const zeros = '0'.repeat(64)

function uintReader(bits: number): WordReader {
  if (bits === 256) return (hex, at) => BigInt(`0x${hex.slice(at, at + 64)}`)
  const padding = zeros.slice(bits / 4)
  return (hex, at) => {
    if (!hex.startsWith(padding, at)) throw new UndecodableError(`A uint${bits} has more than ${bits} bits.`)
    return BigInt(`0x${hex.slice(at + padding.length, at + 64)}`)
  }
}

function intReader(bits: number): WordReader {
  return (hex, at) => {
    const value = BigInt.asIntN(256, BigInt(`0x${hex.slice(at, at + 64)}`))
    if (bits < 256 && BigInt.asIntN(bits, value) !== value) {
      throw new UndecodableError(`An int${bits} has more than ${bits} bits.`)
    }
    return value
  }
}

const addressPadding = zeros.slice(40)

function readAddress(hex: string, at: number): string {
  if (!hex.startsWith(addressPadding, at)) throw new UndecodableError('An address has more than 20 bytes.')
  return `0x${hex.slice(at + 24, at + 64)}`
}

const boolPadding = zeros.slice(1)

function readBool(hex: string, at: number): boolean {
  const last = hex[at + 63]
  if (!hex.startsWith(boolPadding, at) || (last !== '0' && last !== '1')) {
    throw new UndecodableError('A bool is neither 0 nor 1.')
  }
  return last === '1'
}

function fixedBytesReader(size: number): WordReader {
  const padding = zeros.slice(2 * size)
  return (hex, at) => {
    if (!hex.startsWith(padding, at + 2 * size))
      throw new UndecodableError(`A bytes${size} has more than ${size} bytes.`)
    return `0x${hex.slice(at, at + 2 * size)}`
  }
}

import { KnownError } from '../../model/error.ts'
import { type Encoded, hexAt } from './encoded.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

/** Reads the word that begins at byte `at`; the caller has made sure that it is there. */
export type WordReader = (data: Encoded, at: number) => Value

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

/** Most amounts have few words of 64 bits that are not zero, and putting those together is what costs. */
function readUint({ view }: Encoded, at: number): bigint {
  const highest = view.getBigUint64(at)
  const high = view.getBigUint64(at + 8)
  const low = view.getBigUint64(at + 16)
  const lowest = view.getBigUint64(at + 24)
  if (highest !== 0n || high !== 0n) return (((((highest << 64n) | high) << 64n) | low) << 64n) | lowest
  return low === 0n ? lowest : (low << 64n) | lowest
}

function uintReader(bits: number): WordReader {
  if (bits === 256) return readUint
  const max = 2n ** BigInt(bits) - 1n
  return (data, at) => {
    const value = readUint(data, at)
    if (value > max) throw new UndecodableError(`A uint${bits} has more than ${bits} bits.`)
    return value
  }
}

function intReader(bits: number): WordReader {
  return (data, at) => {
    const value = BigInt.asIntN(256, readUint(data, at))
    if (bits < 256 && BigInt.asIntN(bits, value) !== value) {
      throw new UndecodableError(`An int${bits} has more than ${bits} bits.`)
    }
    return value
  }
}

function readAddress(data: Encoded, at: number): string {
  const { view } = data
  if ((view.getUint32(at) | view.getUint32(at + 4) | view.getUint32(at + 8)) !== 0) {
    throw new UndecodableError('An address has more than 20 bytes.')
  }
  return hexAt(data, at + 12, 20)
}

function readBool(data: Encoded, at: number): boolean {
  const value = readUint(data, at)
  if (value > 1n) throw new UndecodableError('A bool is neither 0 nor 1.')
  return value === 1n
}

function fixedBytesReader(size: number): WordReader {
  return (data, at) => {
    for (let place = at + size; place < at + 32; place++) {
      if (data.view.getUint8(place) !== 0) throw new UndecodableError(`A bytes${size} has more than ${size} bytes.`)
    }
    return hexAt(data, at, size)
  }
}

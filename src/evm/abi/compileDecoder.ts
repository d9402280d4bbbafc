import type { AbiParameter } from 'viem'
import type { Hex } from '../../model/chain.ts'
import { KnownError } from '../../model/error.ts'
import { lowerHex } from './lowerHex.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'
import { unknownType, type WordReader, wordReader } from './wordReader.ts'

/** `budget`: how many words may still be read; without it, offsets that share data would multiply a small input. */
type Source = { hex: string; size: number; budget: number }

/** `size`: bytes in the head of the enclosing tuple. `read` starts at the content, behind the offset of a dynamic type. */
type Codec = { dynamic: boolean; size: number; read(source: Source, at: number): Value }

const depthMax = 32
const sizeMax = 2 ** 32

/**
 * Compiles a decoder for ABI-encoded data, `skip` bytes of which come before it (4 for calldata).
 *
 * It takes what Solidity's own decoder takes, so that nobody hides a call from us that the contract understands: bytes
 * behind the data, and offsets that point anywhere inside it, are fine. Its work is bounded by the length of the data.
 *
 * @throws {KnownError} A type of the ABI does not exist. The decoder throws `UndecodableError`.
 */
export function compileDecoder(parameters: readonly AbiParameter[], skip = 0): (data: Hex) => Value[] {
  const codecs = parameters.map((parameter) => compileCodec(parameter.type, parameter, 0))
  return (data) => {
    const hex = lowerHex(data)
    const size = (hex.length - 2) / 2
    return readSequence({ hex, size, budget: (size >> 3) + 64 }, skip, codecs)
  }
}

function compileCodec(type: string, parameter: AbiParameter, depth: number): Codec {
  if (depth > depthMax) throw new KnownError('invalid', `The ABI nests types more than ${depthMax} deep.`)
  const [, inner, length] = /^(.+)\[(\d*)\]$/.exec(type) ?? []
  if (inner !== undefined) {
    const element = compileCodec(inner, parameter, depth + 1)
    return length ? fixedArrayCodec(element, Number(length)) : arrayCodec(element)
  }
  if (type === 'tuple') {
    const components = 'components' in parameter ? parameter.components : []
    return tupleCodec(components.map((component) => compileCodec(component.type, component, depth + 1)))
  }
  if (type === 'bytes') return { dynamic: true, size: 32, read: readBytes }
  if (type === 'string') return { dynamic: true, size: 32, read: readString }
  const read = wordReader(type)
  if (!read) throw unknownType(type)
  return wordCodec(read)
}

function wordCodec(read: WordReader): Codec {
  return {
    dynamic: false,
    size: 32,
    read(source, at) {
      spend(source, 1)
      need(source, at, 32)
      return read(source.hex, 2 + 2 * at)
    },
  }
}

function tupleCodec(codecs: readonly Codec[]): Codec {
  const dynamic = codecs.some((codec) => codec.dynamic)
  const size = dynamic ? 32 : boundedSize(codecs.reduce((sum, codec) => sum + codec.size, 0))
  return { dynamic, size, read: (source, at) => readSequence(source, at, codecs) }
}

function fixedArrayCodec(element: Codec, count: number): Codec {
  const size = element.dynamic ? 32 : boundedSize(element.size * count)
  return { dynamic: element.dynamic, size, read: (source, at) => readElements(source, at, element, count) }
}

function arrayCodec(element: Codec): Codec {
  return {
    dynamic: true,
    size: 32,
    read: (source, at) => readElements(source, at + 32, element, readSmall(source, at)),
  }
}

function readSequence(source: Source, base: number, codecs: readonly Codec[]): Value[] {
  const values: Value[] = []
  let head = base
  for (const codec of codecs) {
    values.push(readItem(source, base, head, codec))
    head += codec.size
  }
  return values
}

/** The whole head must be there before the first element is read: the length may be a lie. */
function readElements(source: Source, base: number, element: Codec, count: number): Value[] {
  need(source, base, count * element.size)
  if (element.size === 0) spend(source, count)
  const values: Value[] = []
  for (let index = 0; index < count; index++) {
    values.push(readItem(source, base, base + index * element.size, element))
  }
  return values
}

function readItem(source: Source, base: number, head: number, codec: Codec): Value {
  return codec.read(source, codec.dynamic ? base + readSmall(source, head) : head)
}

function readBytes(source: Source, at: number): string {
  return `0x${readContent(source, at)}`
}

/** Bytes that are no UTF-8 become U+FFFD. */
function readString(source: Source, at: number): string {
  return Buffer.from(readContent(source, at), 'hex').toString('utf8')
}

function readContent(source: Source, at: number): string {
  const length = readSmall(source, at)
  need(source, at + 32, length)
  spend(source, length >> 5)
  const start = 2 + 2 * (at + 32)
  return source.hex.slice(start, start + 2 * length)
}

const smallPadding = '0'.repeat(56)

/** An offset or a length. What does not fit 32 bits cannot lie inside the data. */
function readSmall(source: Source, at: number): number {
  spend(source, 1)
  need(source, at, 32)
  const start = 2 + 2 * at
  if (!source.hex.startsWith(smallPadding, start))
    throw new UndecodableError('An offset or length leads out of the data.')
  return Number.parseInt(source.hex.slice(start + 56, start + 64), 16)
}

function need(source: Source, at: number, bytes: number): void {
  if (at + bytes > source.size) {
    throw new UndecodableError(`The data ends at byte ${source.size}, where the ABI goes on to byte ${at + bytes}.`)
  }
}

function spend(source: Source, words: number): void {
  source.budget -= words
  if (source.budget < 0) throw new UndecodableError('The data unfolds to far more values than it has room for.')
}

function boundedSize(size: number): number {
  if (size > sizeMax) throw new KnownError('invalid', 'The ABI has a fixed-size type of more than 4 GiB.')
  return size
}

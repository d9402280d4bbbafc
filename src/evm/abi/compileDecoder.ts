import type { AbiParameter } from 'viem'
import type { Hex } from '../../model/chain.ts'
import { KnownError } from '../../model/error.ts'
import { type Encoded, hexAt, openEncoded } from './encoded.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'
import { unknownType, wordReader } from './wordReader.ts'

/**
 * `size`: bytes in the head of the enclosing tuple. `read` starts at the content: behind the offset of a dynamic type,
 * which has yet to claim it; that of a static type was claimed with the head that holds it.
 */
type Codec = { dynamic: boolean; size: number; read(data: Encoded, at: number): Value }

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
  const read = compileReader(parameters)
  return (data) => read(openEncoded(data), skip)
}

/** As `compileDecoder`, for data that is open: reads the parameters that begin at byte `at`. */
export function compileReader(parameters: readonly AbiParameter[]): (data: Encoded, at: number) => Value[] {
  const codecs = parameters.map((parameter) => compileCodec(parameter.type, parameter, 0))
  const head = headOf(codecs)
  return (data, at) => {
    claim(data, at, head)
    return readSequence(data, at, codecs)
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
  return { dynamic: false, size: 32, read }
}

function tupleCodec(codecs: readonly Codec[]): Codec {
  const head = headOf(codecs)
  const read: Codec['read'] = (data, at) => readSequence(data, at, codecs)
  return codecs.some((codec) => codec.dynamic) ? claiming(head, read) : { dynamic: false, size: head, read }
}

function fixedArrayCodec(element: Codec, count: number): Codec {
  const head = boundedSize(element.size * count)
  const read: Codec['read'] = (data, at) => readElements(data, at, element, count)
  return element.dynamic ? claiming(head, read) : { dynamic: false, size: head, read }
}

function arrayCodec(element: Codec): Codec {
  return {
    dynamic: true,
    size: 32,
    read(data, at) {
      const count = readLength(data, at)
      claim(data, at + 32, count * element.size)
      return readElements(data, at + 32, element, count)
    },
  }
}

/** A dynamic type whose content has a head of a size known beforehand. */
function claiming(head: number, read: Codec['read']): Codec {
  return {
    dynamic: true,
    size: 32,
    read(data, at) {
      claim(data, at, head)
      return read(data, at)
    },
  }
}

function headOf(codecs: readonly Codec[]): number {
  return boundedSize(codecs.reduce((sum, codec) => sum + codec.size, 0))
}

function readSequence(data: Encoded, base: number, codecs: readonly Codec[]): Value[] {
  const values: Value[] = []
  let head = base
  for (const codec of codecs) {
    values.push(readItem(data, base, head, codec))
    head += codec.size
  }
  return values
}

function readElements(data: Encoded, base: number, element: Codec, count: number): Value[] {
  if (element.size === 0) spend(data, count)
  const values: Value[] = []
  for (let index = 0; index < count; index++) {
    values.push(readItem(data, base, base + index * element.size, element))
  }
  return values
}

function readItem(data: Encoded, base: number, head: number, codec: Codec): Value {
  return codec.read(data, codec.dynamic ? base + readSmall(data, head) : head)
}

function readBytes(data: Encoded, at: number): string {
  return hexAt(data, at + 32, readContent(data, at))
}

/** Bytes that are no UTF-8 become U+FFFD. */
function readString(data: Encoded, at: number): string {
  const length = readContent(data, at)
  return data.bytes.toString('utf8', at + 32, at + 32 + length)
}

/** Claims what stands behind a length, and gives the length. */
function readContent(data: Encoded, at: number): number {
  const length = readLength(data, at)
  claim(data, at + 32, length)
  return length
}

function readLength(data: Encoded, at: number): number {
  claim(data, at, 32)
  return readSmall(data, at)
}

/** An offset or a length. What does not fit 32 bits cannot lie inside the data. */
function readSmall({ view }: Encoded, at: number): number {
  for (let place = at; place < at + 28; place += 4) {
    if (view.getUint32(place) !== 0) throw new UndecodableError('An offset or length leads out of the data.')
  }
  return view.getUint32(at + 28)
}

/** All of it must be there before the first byte is read: the length may be a lie. Each word is paid for. */
function claim(data: Encoded, at: number, bytes: number): void {
  if (at + bytes > data.size) {
    const [size, end] = [data.size - data.before, at + bytes - data.before]
    throw new UndecodableError(`The data ends at byte ${size}, where the ABI goes on to byte ${end}.`)
  }
  spend(data, bytes >> 5)
}

function spend(data: Encoded, words: number): void {
  data.budget -= words
  if (data.budget < 0) throw new UndecodableError('The data unfolds to far more values than it has room for.')
}

function boundedSize(size: number): number {
  if (size > sizeMax) throw new KnownError('invalid', 'The ABI has a fixed-size type of more than 4 GiB.')
  return size
}

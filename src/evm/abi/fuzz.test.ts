import fc from 'fast-check'
import { type AbiEvent, type AbiParameter, encodeAbiParameters, toFunctionSelector } from 'viem'
import { expect } from 'vitest'
import { fuzz } from '../../../test/harness/fuzz.ts'
import { comparable, decodeWithViem } from '../../../test/harness/viemValues.ts'
import type { Hex } from '../../model/chain.ts'
import { compileDecoder } from './compileDecoder.ts'
import { compileEvent } from './compileEvent.ts'
import { compileFunction } from './compileFunction.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

const widths = fc.integer({ min: 1, max: 32 })
const leaf = fc.oneof(
  widths.map((bytes) => `uint${8 * bytes}`),
  widths.map((bytes) => `int${8 * bytes}`),
  widths.map((bytes) => `bytes${bytes}`),
  fc.constantFrom('bool', 'address', 'bytes', 'string', 'uint256', 'bytes'),
)

/** Any type that an ABI may have, arrays in arrays and tuples of nothing too. */
const { parameter } = fc.letrec<{ parameter: AbiParameter }>((tie) => ({
  parameter: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf.map((type) => ({ type })),
    fc.array(tie('parameter'), { maxLength: 4 }).map((fields) => ({
      type: 'tuple',
      components: fields.map((field, place) => ({ ...field, name: `f${place}` })),
    })),
    fc
      .tuple(tie('parameter'), fc.constantFrom('[]', '[]', '[][]', '[0]', '[1]', '[3]', '[40]'))
      .map(([element, suffix]) => ({ ...element, type: element.type + suffix })),
  ),
}))
const parameters = fc.array(parameter, { maxLength: 4 })

const wordOf = (value: bigint) => BigInt.asUintN(256, value).toString(16).padStart(64, '0')
/** Offsets that lead somewhere, lengths that could be, bombs, and what only looks like them. */
const word = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12).map((words) => wordOf(32n * BigInt(words))) },
  { weight: 4, arbitrary: fc.nat(5).map((count) => wordOf(BigInt(count))) },
  fc.nat(2000).map((value) => wordOf(BigInt(value))),
  fc
    .constantFrom(2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 32n, 2n ** 32n, 2n ** 53n, 2n ** 64n, -1n, -32n, 2n ** 255n)
    .map(wordOf),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  fc.constantFrom('616263', 'ff', 'efbbbf').map((start) => start.padEnd(64, '0')),
)
const tail = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const data = fc.tuple(fc.array(word, { maxLength: 60 }), tail).map(([words, rest]): Hex => `0x${words.join('')}${rest}`)
/** Every offset leads to where more offsets are: what unfolds is the product of the levels. */
const bombs = fc
  .tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 }))
  .map(([width, levels, back]): Hex => {
    const level = wordOf(BigInt(width)) + wordOf(BigInt(32 * back)).repeat(width)
    return `0x${wordOf(32n)}${level.repeat(levels)}`
  })

/** Null: the data is not what the types say. Any other error fails the test. */
function decode(read: () => Value[]): Value[] | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof UndecodableError) return null
    throw error
  }
}

const sizeOf = (value: Value): number =>
  Array.isArray(value) ? value.reduce((sum: number, item: Value) => sum + sizeOf(item), 1) : 1
/** Values that a decoder may make of so much data, whatever the types: a few for each word. */
const valuesMax = (bytes: number) => bytes + 1000

fuzz(
  'any bytes under any types are values or undecodable',
  4,
  fc.tuple(parameters, fc.oneof(data, bombs)),
  ([types, bytes]) => {
    const ours = decode(() => compileDecoder(types)(bytes))
    if (ours === null) return
    expect(sizeOf(ours)).toBeLessThan(valuesMax(bytes.length / 2))
    const theirs = decodeWithViem(types, bytes)
    if (theirs !== null) expect(comparable(ours)).toBe(comparable(theirs))
    // Values of types without any bytes may be more than their encoding has room for.
    const again = decode(() => compileDecoder(types)(encodeAbiParameters(types, ours)))
    if (again !== null) expect(comparable(again)).toBe(comparable(ours))
  },
)

const event = fc
  .tuple(fc.array(fc.tuple(parameter, fc.boolean()), { maxLength: 5 }), fc.boolean())
  .map(([inputs, anonymous]): AbiEvent => {
    let left = anonymous ? 4 : 3
    const marked = inputs.map(([input, indexed], place) => {
      return { ...input, name: `p${place}`, indexed: indexed && left-- > 0 }
    })
    return { type: 'event', name: 'Any', anonymous, inputs: marked }
  })
const topics = fc.array(
  word.map((digits): Hex => `0x${digits}`),
  { maxLength: 4 },
)

fuzz('any log under any event is values or undecodable', 2, fc.tuple(event, topics, data), ([item, given, bytes]) => {
  const compiled = compileEvent(item)
  const indexed = item.inputs.filter((input) => input.indexed).length
  const fitting = [...(item.anonymous ? [] : [compiled.topic0]), ...given, ...given, ...given].slice(0, indexed + 1)
  for (const some of [given, fitting]) {
    const values = decode(() => compiled.decode({ topics: some, data: bytes }))
    if (values) expect(values).toHaveLength(item.inputs.length)
  }
})

fuzz('any input under any function is values or undecodable', 2, fc.tuple(parameters, data), ([inputs, bytes]) => {
  const item = { type: 'function', name: 'any', inputs, outputs: inputs, stateMutability: 'view' } as const
  const compiled = compileFunction(item)
  const input: Hex = `${toFunctionSelector(item)}${bytes.slice(2) as ''}`
  const [fromInput, fromResult] = [decode(() => compiled.decode(input)), decode(() => compiled.decodeResult(bytes))]
  expect(fromInput).toEqual(fromResult)
  expect(decode(() => compiled.decode(bytes))).toSatisfy(
    (values) => values === null || bytes.startsWith(compiled.selector),
  )
  const again = fromInput && decode(() => compiled.decode(compiled.encode(fromInput)))
  if (again) expect(comparable(again)).toBe(comparable(fromInput!))
})

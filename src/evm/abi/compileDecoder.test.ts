import fc from 'fast-check'
import { type AbiParameter, encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { comparable, decodeWithViem } from '../../../test/harness/viemValues.ts'
import type { Hex } from '../../model/chain.ts'
import { compileDecoder } from './compileDecoder.ts'
import { UndecodableError } from './undecodableError.ts'
import type { Value } from './value.ts'

/** Fixed seed: a failure here is the same failure everywhere. */
const run = { seed: 20261123, numRuns: 1500 }

type Sample = { parameter: AbiParameter; value: Value }

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const widths = fc.integer({ min: 1, max: 32 })
/** No byte order mark: viem strips it, we keep it. */
const text = fc.string({ unit: 'grapheme', maxLength: 70 }).filter((value) => !value.startsWith('\uFEFF'))

const leaf: fc.Arbitrary<{ type: string; values: fc.Arbitrary<Value> }> = fc.oneof(
  widths.map((bytes) => ({ type: `uint${bytes * 8}`, values: fc.bigInt(0n, 2n ** BigInt(bytes * 8) - 1n) })),
  widths.map((bytes) => {
    const half = 2n ** BigInt(bytes * 8 - 1)
    return { type: `int${bytes * 8}`, values: fc.bigInt(-half, half - 1n) }
  }),
  widths.map((bytes) => ({ type: `bytes${bytes}`, values: hexOf(bytes) })),
  fc.constant({ type: 'bool', values: fc.boolean() }),
  fc.constant({ type: 'address', values: hexOf(20) }),
  fc.constant({ type: 'bytes', values: fc.integer({ min: 0, max: 80 }).chain(hexOf) }),
  fc.constant({ type: 'string', values: text }),
)

type Shape = { type: string; components?: AbiParameter[]; values: fc.Arbitrary<Value> }

const shape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('shape'), { minLength: 1, maxLength: 3 }).map((fields) => ({
      type: 'tuple',
      components: fields.map(({ type, components }, index) => parameterOf(`f${index}`, type, components)),
      values: fc.tuple(...fields.map((field) => field.values)),
    })),
    fc.tuple(tie('shape'), fc.integer({ min: 1, max: 3 })).map(([element, length]) => ({
      ...element,
      type: `${element.type}[${length}]`,
      values: fc.array(element.values, { minLength: length, maxLength: length }),
    })),
    tie('shape').map((element) => ({
      ...element,
      type: `${element.type}[]`,
      values: fc.array(element.values, { maxLength: 3 }),
    })),
  ),
})).shape

function parameterOf(name: string, type: string, components?: AbiParameter[]): AbiParameter {
  return components ? { name, type, components } : { name, type }
}

const samples: fc.Arbitrary<Sample[]> = fc.array(
  shape.chain(({ type, components, values }) =>
    values.map((value) => ({ parameter: parameterOf('', type, components), value })),
  ),
  { maxLength: 4 },
)

const word = (value: bigint | number) => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')
const decode = (types: string[], data: string) => compileDecoder(types.map((type) => ({ type })))(`0x${data}`)
const undecodable = (types: string[], data: string) => expect(() => decode(types, data)).toThrow(UndecodableError)

const countOf = (value: Value): number =>
  Array.isArray(value) ? value.reduce((sum: number, item: Value) => sum + countOf(item), 0) : 1

describe('compileDecoder', () => {
  test('gives back what viem encodes, for 100,000 values of any types', () => {
    let compared = 0
    fc.assert(
      fc.property(samples, (list) => {
        const parameters = list.map(({ parameter }) => parameter)
        const values = list.map(({ value }) => value)
        const data = encodeAbiParameters(parameters, values)
        expect(compileDecoder(parameters)(data)).toEqual(values)
        compared += countOf(values)
      }),
      { ...run, numRuns: 20_000 },
    )
    expect(compared).toBeGreaterThanOrEqual(100_000)
  })

  test('never crashes on damaged data, and agrees with viem where both can read it', () => {
    const damage = fc.record({
      cut: fc.option(fc.nat(400)),
      edits: fc.array(fc.tuple(fc.nat(2000), fc.constantFrom('0', '1', '2', '4', '8', 'f', 'F')), { maxLength: 4 }),
      tail: fc.constantFrom('', '00', 'ff'.repeat(32)),
    })
    let bothRead = 0
    fc.assert(
      fc.property(samples, damage, (list, { cut, edits, tail }) => {
        const parameters = list.map(({ parameter }) => parameter)
        const digits = [
          ...encodeAbiParameters(
            parameters,
            list.map(({ value }) => value),
          ).slice(2),
        ]
        for (const [at, digit] of edits) if (at < digits.length) digits[at] = digit
        const data: Hex = `0x${digits.slice(0, cut === null ? undefined : cut * 2).join('')}${tail}`
        const ours = attempt(() => compileDecoder(parameters)(data))
        if (ours === null || parameters.length === 0) return
        const theirs = decodeWithViem(parameters, data)
        if (theirs === null) return
        bothRead++
        expect(comparable(ours)).toBe(comparable(theirs))
      }),
      { ...run, numRuns: 2000 },
    )
    expect(bothRead).toBeGreaterThan(300)
  })

  test('reads no byte that is not there', () => {
    undecodable(['uint256'], '')
    undecodable(['uint256'], word(1).slice(2))
    expect(decode(['uint256'], word(1))).toEqual([1n])
    undecodable(['bytes'], `${word(32) + word(3)}aabb`)
    expect(decode(['bytes'], `${word(32)}${word(3)}aabbcc`)).toEqual(['0xaabbcc'])
    undecodable(['uint256[]'], word(32) + word(2) + word(7))
    undecodable(['bytes'], word(64))
    undecodable(['bytes'], word(2n ** 256n - 32n) + word(0))
    undecodable(['bytes'], word(32) + word(2n ** 64n))
  })

  test('takes trailing bytes and shared offsets, as contracts do', () => {
    expect(decode(['uint8'], `${word(7)}deadbeef`)).toEqual([7n])
    expect(decode(['uint8[]', 'uint8[]'], word(64) + word(64) + word(1) + word(9))).toEqual([[9n], [9n]])
  })

  test('refuses words that do not fit their type', () => {
    expect(
      decode(['uint8', 'int8', 'bool', 'bytes1'], word(255) + word(-128) + word(1) + 'ab'.padEnd(64, '0')),
    ).toEqual([255n, -128n, true, '0xab'])
    undecodable(['uint8'], word(256))
    undecodable(['int8'], word(128))
    undecodable(['bool'], word(2))
    undecodable(['address'], word(2n ** 160n))
    undecodable(['bytes1'], 'abcd'.padEnd(64, '0'))
    expect(() => compileDecoder([{ type: 'uint256' }])('0xzz' as Hex)).toThrow(UndecodableError)
  })

  test('lower-cases hex and replaces what is no UTF-8', () => {
    expect(decode(['address'], word(0xabcdefn).toUpperCase())).toEqual([`0x${'0'.repeat(34)}abcdef`])
    expect(decode(['string'], `${word(32)}${word(3)}61ff62`)).toEqual(['a\uFFFDb'])
  })

  test('bounds its work by the length of the data', () => {
    const empty: AbiParameter = { type: 'tuple[]', components: [] }
    expect(() => compileDecoder([empty])(`0x${word(32)}${word(2 ** 31)}`)).toThrow(UndecodableError)
    expect(() => compileDecoder([{ type: 'uint256[0][]' }])(`0x${word(32)}${word(2 ** 31)}`)).toThrow(UndecodableError)
    // Each level holds 60 offsets, all of which lead to the level below: 60^5 values out of 10 kB.
    const level = word(60) + word(60 * 32).repeat(60)
    undecodable(['uint256[][][][][]'], word(32) + level.repeat(4) + word(60) + word(1).repeat(60))
    undecodable(['bytes[]'], word(32) + word(900) + word(900 * 32).repeat(900) + word(28000) + '00'.repeat(28000))
    // A list that contains itself.
    undecodable(['uint256[][][][][][]'], word(32).repeat(80))
    expect(() => compileDecoder([{ type: `uint8${'[]'.repeat(40)}` }])).toThrow(/more than 32 deep/)
    expect(() => compileDecoder([{ type: 'uint8[4000000000][4000000000]' }])).toThrow(/4 GiB/)
    expect(() => compileDecoder([{ type: 'uint7' }])).toThrow(/uint7, which does not exist/)
    expect(() => compileDecoder([{ type: 'fixed128x18' }])).toThrow(/does not exist/)
    expect(() => compileDecoder([{ type: 'uint' }])).toThrow(/uint, which does not exist/)
  })

  test('reads megabytes', () => {
    const megabytes = 8
    const [value] = decode(['bytes'], word(32) + word(megabytes * 2 ** 20) + 'ab'.repeat(megabytes * 2 ** 20))
    expect(typeof value === 'string' && value.length).toBe(2 + 2 * megabytes * 2 ** 20)
  })
})

/** Null: undecodable. Any other error fails the test. */
function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof UndecodableError) return null
    throw error
  }
}

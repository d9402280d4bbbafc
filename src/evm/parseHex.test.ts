import { describe, expect, test } from 'vitest'
import { asAddress, asBigint, asBytes, asHash, asHex, asList, asNumber, asObject, asTopic } from './parseHex.ts'
import { RpcError } from './rpc/rpcError.ts'

const refuses = (read: () => unknown) => expect(read).toThrow(RpcError)

describe('what a provider gives', () => {
  test('is taken as whole bytes, in lower case', () => {
    expect(asHex('0x', 'x')).toBe('0x')
    expect(asHex('0xABcd', 'x')).toBe('0xabcd')
    for (const bad of ['0xabc', '0Xab', 'ab', '0xzz', '0xab ', '', 12, null, undefined, {}, ['0xab']]) {
      refuses(() => asHex(bad, 'x'))
    }
  })

  test('is taken however long it is', () => {
    const long = `0x${'ab'.repeat(4_000_000)}`
    expect(asHex(long, 'x')).toBe(long)
    refuses(() => asHex(`${long}a`, 'x'))
    expect(asHex(long.replace('a', 'A'), 'x')).toBe(long)
    // What a decoder takes for hex: a letter of two bytes whose lower one is a digit, and an end that it cuts off.
    for (const bad of ['\u0161', 'g', ' ', '"']) {
      for (const place of [2, long.length - 1, long.length >> 1]) {
        refuses(() => asHex(long.slice(0, place) + bad + long.slice(place + 1), 'x'))
      }
    }
  })

  test('has the length that it must have', () => {
    expect(asAddress(`0x${'Aa'.repeat(20)}`, 'x')).toBe(`0x${'aa'.repeat(20)}`)
    refuses(() => asAddress(`0x${'aa'.repeat(19)}`, 'x'))
    refuses(() => asAddress(`0x${'aa'.repeat(32)}`, 'x'))
    refuses(() => asHash(`0x${'aa'.repeat(33)}`, 'x'))
    refuses(() => asBytes('0x', 1, 'x'))
  })

  test('is looked at again where it came before as something else, and is told from what came meanwhile', () => {
    const account = `0x${'Cd'.repeat(20)}`
    for (let times = 0; times < 2; times++) expect(asAddress(account, 'x')).toBe(`0x${'cd'.repeat(20)}`)
    refuses(() => asTopic(account, 'x'))
    const word = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`
    for (let number = 0; number < 40_000; number++) expect(asTopic(word(number), 'x')).toBe(word(number))
    expect(asAddress(account, 'x')).toBe(`0x${'cd'.repeat(20)}`)
    refuses(() => asTopic(`0x${'zz'.repeat(32)}`, 'x'))
    refuses(() => asAddress(word(1), 'x'))
  })

  test('is a quantity of at most 256 bits, exact as a number', () => {
    expect(asBigint('0x0', 'x')).toBe(0n)
    expect(asBigint(`0x${'f'.repeat(64)}`, 'x')).toBe(2n ** 256n - 1n)
    for (const bad of ['0x', '12', 12, '-0x1', '0x1.0', null, `0x1${'0'.repeat(64)}`]) refuses(() => asBigint(bad, 'x'))
    expect(asNumber('0x1fffffffffffff', 'x')).toBe(Number.MAX_SAFE_INTEGER)
    refuses(() => asNumber('0x20000000000000', 'x'))
    expect(asNumber('0x10', 'x', 16)).toBe(16)
    refuses(() => asNumber('0x11', 'x', 16))
  })

  test('is an object, or a list that is not too long', () => {
    expect(asObject({ a: 1 }, 'x')).toEqual({ a: 1 })
    for (const bad of [null, [], 'a', 1, undefined]) refuses(() => asObject(bad, 'x'))
    expect(asList([1, 2], 'x', 2)).toEqual([1, 2])
    for (const bad of [[1, 2, 3], { length: 1 }, 'ab', null]) refuses(() => asList(bad, 'x', 2))
  })

  test('is shown shortened where it is refused', () => {
    expect(() => asHash('z'.repeat(100_000), 'a block hash')).toThrow(/^A provider gave "z{66}" where a block hash/)
  })

  test('is refused however deep it is nested', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
    for (const read of [asObject, asHash, asBigint]) refuses(() => read(deep, 'x'))
    expect(() => asHex(deep, 'a hash')).toThrow('A provider gave a list of 1 where a hash was expected.')
    expect(() => asList({ a: deep }, 'a list', 1)).toThrow('A provider gave an object where a list was expected.')
  })
})

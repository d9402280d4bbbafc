import { type AbiFunction, encodeFunctionData, encodeFunctionResult, parseAbiItem } from 'viem'
import { describe, expect, test } from 'vitest'
import { KnownError } from '../../model/error.ts'
import { compileFunction } from './compileFunction.ts'
import { UndecodableError } from './undecodableError.ts'

const functionOf = (text: string) => parseAbiItem(text as string) as AbiFunction
const to = `0x${'22'.repeat(20)}` as const

describe('compileFunction', () => {
  test('decodes calldata and results, and encodes what it decodes', () => {
    const abi = functionOf(
      'function pay((address to, uint256 amount)[] orders, string note) view returns (bool, bytes4)',
    )
    const pay = compileFunction(abi)
    const input = encodeFunctionData({ abi: [abi], args: [[{ to, amount: 5n }], 'hi'] })
    expect(pay.signature).toBe('pay((address,uint256)[],string)')
    expect(pay.decode(input)).toEqual([[[to, 5n]], 'hi'])
    expect(pay.encode(pay.decode(input))).toBe(input)
    const result = encodeFunctionResult({ abi: [abi], result: [true, '0xaabbccdd'] })
    expect(pay.decodeResult(result)).toEqual([true, '0xaabbccdd'])
  })

  test('says undecodable for another selector, cut input and an address without code', () => {
    const transfer = compileFunction(functionOf('function transfer(address to, uint256 value) returns (bool)'))
    expect(() => transfer.decode('0xa9059cbb1234')).toThrow(UndecodableError)
    expect(() => transfer.decode('0x')).toThrow(UndecodableError)
    expect(() => transfer.decode(`0xdeadbeef${'00'.repeat(64)}`)).toThrow(/does not begin with 0xa9059cbb/)
    expect(() => transfer.decodeResult('0x')).toThrow(UndecodableError)
  })

  test('refuses arguments that do not fit', () => {
    const at = compileFunction(functionOf('function at(uint8 index) view returns (address)'))
    expect(at.encode([255n])).toMatch(/ff$/)
    expect(() => at.encode([256n])).toThrow(KnownError)
  })
})

import { expect, test } from 'vitest'
import type { Address, Hex } from '../model/chain.ts'
import { addressFinder } from './addressFinder.ts'

const vault: Address = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const vain: Address = '0x0000000000d7228c37d2e19e4b2f9ec0df4717fc'
const precompile: Address = `0x${'0'.repeat(39)}4`
const find = addressFinder([vault, vain, precompile])
const code = (...parts: string[]): Hex => `0x6080${parts.join('')}00`

test('an address is found as a constant, as a word, and without its leading zeros', () => {
  expect(find(code('73', vault.slice(2)))).toEqual([vault])
  expect(find(code('0'.repeat(24), vault.slice(2), vault.slice(2)))).toEqual([vault])
  expect(find(code('6e', vain.slice(12)))).toEqual([vain])
  expect(find(`0x${vault.slice(2)}`)).toEqual([vault])
})

test('what is cut, shifted by half a byte or short is not found', () => {
  expect(find(code('73', vault.slice(2, -2)))).toEqual([])
  expect(find(code('7', vault.slice(2), '3'))).toEqual([])
  expect(find(`0x${vault.slice(6)}`)).toEqual([])
  expect(find(code('0'.repeat(64), '04'))).toEqual([])
  expect(find('0x')).toEqual([])
  expect(addressFinder([])(code(vault.slice(2)))).toEqual([])
})

import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../model/chain.ts'
import { selectorsIn } from './codeScan.ts'

const earned = toFunctionSelector('earned(address)')
const three = earned.slice(4)

test.each<[string, Hex, Hex[]]>([
  ['compared at once, with what was put on top before', `0x8062${three}14610042`, [earned]],
  ['compared with the one of the call below', `0x62${three}8114610042`, [earned]],
  ['told from the one of the call by a difference', `0x62${three}90036101ff57`, []],
  ['told from it as other compilers do', `0x62${three}811861`, [earned]],
  ['a number that is added', `0x62${three}01`, []],
  ['a number at the end', `0x62${three}`, []],
  ['cut off', `0x62${three.slice(0, 4)}`, []],
  ['of four bytes, compared or not', '0x632eb4a7ab01', ['0x2eb4a7ab']],
  ['within what is pushed as a word', `0x7f${'00'.repeat(20)}62${three}14${'00'.repeat(7)}`, []],
])('selectors in code: %s', (_, code, expected) => {
  expect(earned.startsWith('0x00')).toBe(true)
  expect(selectorsIn(code)).toEqual(expected)
})

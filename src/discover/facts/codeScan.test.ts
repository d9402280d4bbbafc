import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../model/chain.ts'
import { selectorsIn, wordsIn } from './codeScan.ts'

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

const [slot, other] = ['a7'.repeat(32), 'b3'.repeat(32)] as const
test.each<[string, Hex, Hex[]]>([
  ['pushed', `0x60017f${slot}54`, [`0x${slot}`]],
  ['behind the code', `0x600154fe${slot}${other}`, [`0x${slot}`, `0x${other}`]],
  ['behind what is no end of the code', `0x600154fe00${slot}`, []],
  ['pushed and cut off', `0x7f${slot.slice(2)}`, []],
])('words in code: %s', (_, code, expected) => {
  expect(wordsIn(code)).toEqual(expected)
})

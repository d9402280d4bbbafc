import { encodeAbiParameters } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../../model/chain.ts'
import { linkWord } from './linkWord.ts'

const bytes = (content: Hex): Hex => encodeAbiParameters([{ type: 'bytes' }], [content])
const of = (count: number): Hex => `0x${'ab'.repeat(count)}`

test.each<[string, Hex, Hex | null]>([
  ['a word', of(32), of(32)],
  ['bytes of an address', bytes(of(20)), `0x${'0'.repeat(24)}${'ab'.repeat(20)}`],
  ['bytes of two addresses', bytes(of(40)), of(32)],
  ['no bytes', bytes('0x'), `0x${'0'.repeat(64)}`],
  ['bytes of less than an address', bytes(of(19)), null],
  ['many bytes', bytes(of(1_025)), null],
  ['bytes that are cut off', bytes(of(20)).slice(0, 150) as Hex, null],
  ['several words', of(96), null],
  ['nothing', '0x', null],
])('%s', (_, data, expected) => {
  expect(linkWord(data)).toBe(expected)
})

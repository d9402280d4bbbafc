import fc from 'fast-check'
import { toHex } from 'viem'
import { expect, test } from 'vitest'
import { orderedRoot as slowRoot } from '../../../test/harness/node/receiptsRoot.ts'
import { orderedRoot } from './orderedRoot.ts'

test('gives the root of the trie, whatever the number and the length of the values', () => {
  const values = fc.oneof(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 20 }),
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 3 }), { minLength: 120, maxLength: 300 }),
  )
  fc.assert(
    fc.property(values, (given) => {
      const values = given.map((value) => toHex(value))
      expect(`0x${orderedRoot(values.map((value) => value.slice(2)))}`).toBe(slowRoot(values))
    }),
    { numRuns: 60, seed: 7 },
  )
})

test('of nothing is the root of an empty trie', () => {
  expect(orderedRoot([])).toBe('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421')
})

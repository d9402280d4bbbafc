import fc from 'fast-check'
import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { keccak } from './keccak.ts'

test('hashes as viem does, whatever the length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(Buffer.from(keccak(bytes))).toEqual(Buffer.from(keccak256(bytes, 'bytes')))
    }),
  )
})

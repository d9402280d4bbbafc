import { expect, test } from 'vitest'
import { requestsPerBlock } from './rpc.ts'

test('a block costs its header, its receipts and one batch of state, however many monitors there are', async () => {
  expect(await requestsPerBlock(1, 5)).toBe(3)
  expect(await requestsPerBlock(1000, 5)).toBe(3)
})

import { toHex } from 'viem'
import { expect, test } from 'vitest'
import { RpcError } from '../rpc/rpcError.ts'
import { hashAll } from './hashAll.ts'
import { hashAside } from './hashAside.ts'

/** As many values as in a block of mainnet, each of so many bytes. */
const values = (bytes: number) => Array.from({ length: 200 }, (_, place) => toHex(place, { size: bytes }).slice(2))

test('gives the same hashes from a thread of its own, in the order of the questions', async () => {
  const tasks = [2000, 3000, 10, 2500].map((bytes) => ({ values: values(bytes), wantsEach: bytes !== 3000 }))
  const hashes = Promise.all(tasks.map(hashAside))
  expect(process.getActiveResourcesInfo()).toContain('MessagePort')
  expect(await hashes).toEqual(tasks.map(hashAll))
})

test('says what is wrong with much as with little', async () => {
  for (const bytes of [10, 2000]) {
    const damaged = values(bytes).with(7, 'zz'.repeat(bytes))
    await expect(hashAside({ values: damaged, wantsEach: false })).rejects.toThrow(RpcError)
  }
  const whole = { values: values(2000), wantsEach: true }
  expect(await hashAside(whole)).toEqual(hashAll(whole))
})

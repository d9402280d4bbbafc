import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'
import { Secret } from '../model/secret.ts'
import { beatHeart } from './beatHeart.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const beat = (allowPrivate: boolean) =>
  beatHeart({ url: new Secret(`${receiver.url}/ping/token`, 'env:HEART'), allowPrivate }, AbortSignal.timeout(10_000))

test('one beat is one request', async () => {
  await beat(true)
  expect(receiver.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /ping/token'])
})

test('a refusal is told by its status, without the URL', async () => {
  receiver.reply = { status: 404 }
  await expect(beat(true)).rejects.toThrow('The heartbeat was refused with HTTP status 404.')
})

test('a private address is asked only where the config allows it', async () => {
  await expect(beat(false)).rejects.toMatchObject({ code: 'forbidden' })
  expect(receiver.requests).toEqual([])
})

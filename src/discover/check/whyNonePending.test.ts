import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { acceptWebSocket } from '../../../test/harness/node/webSocket.ts'
import { openHastyClient } from '../../../test/harness/openTestClient.ts'
import { noWebSocket, whyNonePending } from './whyNonePending.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Answer = object | null
const refusal = { error: { code: -32601, message: 'notifications not supported' } }

/** A provider by WebSocket that answers each subscription so; null: not at all. */
async function whyOf(whole: Answer, hashes: Answer = whole) {
  const server = createServer()
  server.on('upgrade', (request, stream, head) => {
    const socket = acceptWebSocket(request, stream, head)
    closing.push(() => socket?.destroy())
    socket?.onText((text) => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: unknown[] }
      const answer = method === 'eth_chainId' ? { result: '0x1' } : params[1] === true ? whole : hashes
      if (answer) socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
    })
  })
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening)
  })
  closing.push(() => server.close())
  const client = openHastyClient([`ws://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret-key`], 2_000)
  closing.push(() => client.close())
  return whyNonePending(client, 300)
}

test('a provider tells of them that takes the subscription, be it of hashes only', async () => {
  expect(await whyOf({ result: '0x1' })).toBeNull()
  expect(await whyOf(refusal, { result: '0x1' })).toBeNull()
})

test('one that refuses is quoted, and one that says nothing is given up', async () => {
  expect(await whyOf(refusal)).toMatch(/^127\.0\.0\.1:\d+ refuses: notifications not supported$/)
  expect(await whyOf(null)).toBe('it gave no answer by WebSocket')
})

test('one that cannot be reached, and one of HTTP, do not tell of them', async () => {
  const [gone, http] = [openHastyClient(['ws://127.0.0.1:9'], 500), openHastyClient(['http://127.0.0.1:9'], 500)]
  closing.push(
    () => gone.close(),
    () => http.close(),
  )
  expect(await whyNonePending(gone, 300)).toMatch(/127\.0\.0\.1:9 (refuses: .*reached|gave)/)
  expect(await whyNonePending(http)).toBe(noWebSocket)
})

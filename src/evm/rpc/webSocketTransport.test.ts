import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { block, chain } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { acceptWebSocket } from '../../../test/harness/node/webSocket.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import type { RpcRequest, Transport } from './transport.ts'
import { webSocketTransport } from './webSocketTransport.ts'

const blocks = chain(10)
let node: TestNode
let transport: Transport
const unhandled: unknown[] = []
const noteUnhandled = (reason: unknown) => void unhandled.push(reason)

beforeEach(async () => {
  node = await startNode({ blocks })
  transport = webSocketTransport(node.wsUrl)
  process.on('unhandledRejection', noteUnhandled)
})
afterEach(async () => {
  transport.close()
  await node.close()
  process.off('unhandledRejection', noteUnhandled)
  expect(unhandled.splice(0)).toEqual([])
})

let nextId = 1
const request = (method = 'eth_blockNumber'): RpcRequest => ({ jsonrpc: '2.0', id: nextId++, method, params: [] })
const send = (payload: RpcRequest | RpcRequest[] = request(), ms = 5000) =>
  transport.send(payload, AbortSignal.timeout(ms))
const ten = expect.objectContaining({ result: '0xa' })
/** Resolves once it is so; the test's own time limit is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

test('answers many requests at once over one socket', async () => {
  const batch = [request(), request('eth_chainId')]
  const answers = await Promise.all([send(), send(), send(batch), send(request('eth_chainId'))])
  expect(answers).toEqual([
    ten,
    ten,
    [ten, expect.objectContaining({ result: '0x1' })],
    expect.objectContaining({ result: '0x1' }),
  ])
  expect(node.sockets()).toBe(1)
})

test('serves a provider like HTTP does', async () => {
  const client = openTestClient(node.wsUrl)
  expect(await client.request({ method: 'eth_blockNumber', params: [] }, (raw) => raw)).toBe('0xa')
  expect(await client.batch([{ method: 'eth_blockNumber', params: [] }])).toEqual([{ ok: true, result: '0xa' }])
  client.close()
})

test('wakes at each new head and says which, also after the socket was lost', async () => {
  const heads: (number | null)[] = []
  transport.onHead?.((number) => heads.push(number))
  await send()
  await until(() => node.requests.byMethod.eth_subscribe === 1)
  node.chain.extend(block({ parent: node.chain.head() }))
  await until(() => heads.length === 1)
  node.dropSockets()
  await until(() => node.sockets() === 0)
  await send().catch(() => undefined)
  await send()
  await until(() => node.requests.byMethod.eth_subscribe === 2)
  node.chain.extend(block({ parent: node.chain.head() }))
  await until(() => heads.length === 2)
  expect(heads).toEqual([11, 12])
})

test('subscribes on a socket that is open already', async () => {
  await send()
  const heard = new Promise<void>((resolve) => transport.onHead?.(() => resolve()))
  await until(() => node.requests.byMethod.eth_subscribe === 1)
  node.chain.extend(block({ parent: node.chain.head() }))
  await heard
})

test('fails what waits when the socket is cut, and opens another for the next', async () => {
  const methods = ['eth_blockNumber']
  node.faults.add({ kind: 'hang', methods })
  const waiting = Promise.allSettled([send(), send()])
  await send(request('eth_chainId'))
  node.dropSockets()
  for (const outcome of await waiting) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { fault: 'unreachable' } })
  }
  node.faults.clear()
  expect(await send()).toEqual(ten)
  expect(node.sockets()).toBe(1)
})

test('gives up what is not answered in time, and a socket that has fallen silent', async () => {
  await send()
  node.faults.add({ kind: 'hang', times: 1 })
  await expect(send(request(), 50)).rejects.toMatchObject({ fault: 'timeout' })
  await until(() => node.sockets() === 0)
  expect(await send()).toEqual(ten)
  expect(node.sockets()).toBe(1)
})

test('keeps a socket on which others are answered meanwhile', async () => {
  await send()
  node.faults.add({ kind: 'hang', times: 1 })
  const late = expect(send(request(), 200)).rejects.toMatchObject({ fault: 'timeout' })
  expect(await send()).toEqual(ten)
  await late
  expect(node.sockets()).toBe(1)
  expect(await send()).toEqual(ten)
})

test('drops a socket that talks nonsense, and does not hold it against the next one', async () => {
  node.faults.add({ kind: 'malformed', times: 1 })
  await expect(send()).rejects.toMatchObject({ fault: 'unreachable', message: expect.stringContaining('no JSON') })
  expect(await Promise.all([send(), send()])).toEqual([ten, ten])
  await until(() => node.sockets() === 1)
})

test('says so where nobody listens', async () => {
  await node.close()
  await expect(send()).rejects.toMatchObject({ fault: 'unreachable' })
  await expect(send()).rejects.toMatchObject({ fault: 'unreachable' })
  node = await startNode({ blocks })
})

test('gives up a server that takes the connection and never shakes hands, and tries anew', async () => {
  let connections = 0
  const mute = createServer(() => connections++).unref()
  await once(mute.listen(0, '127.0.0.1'), 'listening')
  transport = webSocketTransport(`ws://127.0.0.1:${(mute.address() as AddressInfo).port}`)
  const both = await Promise.allSettled([send(request(), 50), send(request(), 60)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(send(request(), 50)).rejects.toMatchObject({ fault: 'timeout' })
  expect(connections).toBeGreaterThan(1)
  await expect(transport.send(request(), AbortSignal.abort())).rejects.toMatchObject({ fault: 'timeout' })
  transport.close()
  mute.close()
})

test('stays closed once it is closed, even while it opens', async () => {
  const sent = send()
  transport.close()
  await expect(sent).rejects.toMatchObject({ fault: 'unreachable' })
  await expect(send()).rejects.toMatchObject({ fault: 'unreachable' })
  expect(node.sockets()).toBe(0)
})

test.each([
  ['too long', { kind: 'oversized', megabytes: 129 }, 'unreachable'],
  ['not for us', { kind: 'mixedIds', as: 'other' }, 'timeout'],
] as const)('takes no answer that is %s, and the next one is taken', async (_, kind, fault) => {
  await send()
  node.faults.add({ ...kind, times: 1 })
  await expect(send(request(), fault === 'timeout' ? 50 : 20_000)).rejects.toMatchObject({ fault })
  expect(await send()).toEqual(ten)
})

test('wakes at heads that mean nothing, and stands them', async () => {
  let heads = 0
  transport.onHead?.(() => heads++)
  await send()
  await until(() => node.requests.byMethod.eth_subscribe === 1)
  node.faults.add({ kind: 'strangeHeads' })
  node.chain.extend(block({ parent: node.chain.head() }))
  await until(() => heads === 4)
  expect(await send()).toMatchObject({ result: '0xb' })
})

test('stands a batch of more answers than a call may have arguments, though nobody asked', async () => {
  const { url, close } = await startSpeaker((text) => {
    const { id } = JSON.parse(text) as RpcRequest
    const crowd = Array.from({ length: 200_000 }, (_, place) => ({ id: 1_000_000 + place }))
    return [JSON.stringify(crowd), JSON.stringify({ id, result: '0xa' })]
  })
  transport = webSocketTransport(url)
  expect(await send()).toEqual(ten)
  transport.close()
  close()
})

/** A WebSocket server that answers each message with others of its own. */
async function startSpeaker(speak: (text: string) => string[]): Promise<{ url: string; close(): void }> {
  const server = createHttpServer().on('upgrade', (request, stream, head) => {
    const socket = acceptWebSocket(request, stream, head)
    socket?.onText((text) => {
      for (const message of speak(text)) socket.send(message)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }
}

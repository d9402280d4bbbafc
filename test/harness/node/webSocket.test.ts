import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { account, block, chain } from './block.ts'
import { startNode, type TestNode } from './startNode.ts'

type Message = { id?: number; result?: unknown; params?: { subscription: string; result: { hash: string } } }

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: chain(10) })
})
afterEach(() => node.close())

/** A client that hands out what comes in one message at a time. */
async function open() {
  const socket = new WebSocket(node.wsUrl)
  const inbox: string[] = []
  let wake = () => {}
  socket.addEventListener('message', ({ data }) => {
    inbox.push(String(data))
    wake()
  })
  await once(socket, 'open')
  const next = async <T = Message>(): Promise<T> => {
    if (inbox.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return JSON.parse(inbox.shift()!) as T
  }
  const ask = (method: string, ...params: unknown[]) => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
    return next<Message>()
  }
  return { socket, next, ask, inbox }
}

test('a socket answers calls, in batches and in messages longer than one short frame', async () => {
  const { socket, next, ask } = await open()
  expect((await ask('eth_blockNumber')).result).toBe('0xa')
  socket.send(JSON.stringify(Array.from({ length: 2000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }))))
  const answers = await next<Message[]>()
  expect(answers).toHaveLength(2000)
  expect(answers[1999]).toMatchObject({ id: 1999, result: '0x1' })
  expect((await ask('eth_getCode', account(0), 'latest', 'x'.repeat(70_000))).result).toBe('0x')
})

test('new heads arrive, replaced ones too, until unsubscribed', async () => {
  const { next, ask } = await open()
  const { result: subscription } = await ask('eth_subscribe', 'newHeads')
  const added = block({ parent: node.chain.head() })
  node.chain.extend(added)
  expect(await next()).toMatchObject({ params: { subscription, result: { hash: added.hash, number: '0xb' } } })

  const fork = chain(2, () => [], { parent: node.chain.byNumber(9)!, salt: 'fork' })
  node.chain.reorg(2, fork)
  expect((await next()).params?.result.hash).toBe(fork[0]!.hash)
  expect((await next()).params?.result.hash).toBe(fork[1]!.hash)

  expect((await ask('eth_unsubscribe', subscription)).result).toBe(true)
  node.chain.extend(block({ parent: node.chain.head() }))
  expect(await ask('eth_blockNumber')).toMatchObject({ id: 1, result: '0xc' })
})

test('a subscription can be mute, and sockets can be cut', async () => {
  const { socket, ask, inbox } = await open()
  await ask('eth_subscribe', 'newHeads')
  node.faults.add({ kind: 'muteHeads' })
  node.chain.extend(block({ parent: node.chain.head() }))
  expect((await ask('eth_blockNumber')).result).toBe('0xb')
  expect(inbox).toEqual([])
  expect(node.sockets()).toBe(1)
  const closed = once(socket, 'close')
  node.dropSockets()
  await closed
})

test('a subscription can tell of heads that there are not', async () => {
  const { next, ask } = await open()
  await ask('eth_subscribe', 'newHeads')
  node.faults.add({ kind: 'strangeHeads', times: 1 })
  node.chain.extend(block({ parent: node.chain.head() }))
  const told = [await next(), await next(), await next(), await next()].map(({ params }) => params?.result)
  expect(told).toMatchObject([{ number: '0xffffffff' }, { number: 'soon' }, null, { removed: true }])
})

test('an answer can come late, mixed up, or cut', async () => {
  const { socket, ask } = await open()
  node.faults.add({ kind: 'slow', delayMs: 5, times: 1 })
  node.faults.add({ kind: 'mixedIds', as: 'other', times: 1 })
  expect(await ask('eth_blockNumber')).toMatchObject({ id: 1, result: '0xa' })
  expect(await ask('eth_blockNumber')).toMatchObject({ id: 1_000_001, result: '0xa' })
  node.faults.add({ kind: 'drop' })
  const closed = once(socket, 'close')
  socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}')
  await closed
})

test('a message without an end is refused', async () => {
  const { socket } = await open()
  const closed = once(socket, 'close') as Promise<[CloseEvent]>
  socket.send('x'.repeat(2 * 1024 * 1024))
  expect((await closed)[0].code).toBe(1002)
})

test('a client that does not mask its frames is refused', async () => {
  const { hostname, port } = new URL(node.url)
  const client = connect(Number(port), hostname)
  client.write(
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const [greeting] = (await once(client, 'data')) as [Buffer]
  expect(greeting.toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  client.write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]))
  const [frame] = (await once(client, 'data')) as [Buffer]
  expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 1002])
  client.destroy()
})

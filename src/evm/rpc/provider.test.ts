import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { chain } from '../../../test/harness/node/block.ts'
import { startNode } from '../../../test/harness/node/startNode.ts'
import { createProvider, type Provider } from './provider.ts'
import { RpcError } from './rpcError.ts'

type Call = { id: number; method: string; params: unknown[] }
type Answer = { status?: number; body: unknown }
type Peer = { url: string; bodies: (Call | Call[])[]; authorization: string[]; close(): void }

const peers: Peer[] = []
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close()
})

/** A provider with manners of its own: `answer` is asked for all but the chain id. */
async function startPeer(answer: (body: Call | Call[]) => Answer): Promise<Peer> {
  const peer: Peer = { url: '', bodies: [], authorization: [], close: () => server.closeAllConnections() }
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Call | Call[]
    peer.authorization.push(request.headers.authorization ?? '')
    const isIdentity = !Array.isArray(body) && body.method === 'eth_chainId'
    if (!isIdentity) peer.bodies.push(body)
    const given = isIdentity ? { body: result(body, '0x1') } : answer(body)
    response.writeHead(given.status ?? 200).end(JSON.stringify(given.body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  server.unref()
  peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  peers.push(peer)
  return peer
}

const result = ({ id }: Call, value: unknown) => ({ jsonrpc: '2.0', id, result: value })
const error = (id: number | null, code: number, message: string) => ({ jsonrpc: '2.0', id, error: { code, message } })
const open = (url: string, timeoutMs = 1000): Provider => createProvider({ url, chainId: 1, timeoutMs })
const calls = (count: number) => Array.from({ length: count }, (_, n) => ({ method: 'eth_call', params: [n] }))
const echo = (body: Call | Call[]): Answer => {
  return { body: Array.isArray(body) ? body.map((call) => result(call, call.params[0])) : result(body, body.params[0]) }
}

test('puts answers in the order of the calls, whatever the order of the provider', async () => {
  const peer = await startPeer((body) => ({ body: (echo(body).body as unknown[]).toReversed() }))
  expect(await open(peer.url).batch(calls(5))).toEqual([0, 1, 2, 3, 4].map((value) => ({ ok: true, result: value })))
  expect(peer.bodies).toHaveLength(1)
})

test('asks in batches of at most 1,000', async () => {
  const peer = await startPeer(echo)
  const answers = await open(peer.url).batch(calls(2500))
  expect(answers.map((answer) => answer.ok && answer.result)).toEqual(Array.from({ length: 2500 }, (_, n) => n))
  expect(peer.bodies.map((body) => (body as Call[]).length)).toEqual([1000, 1000, 500])
})

test.each([
  ['an error', 200, error(null, -32600, 'batch requests are not allowed')],
  ['an error and a status', 400, error(null, -32600, 'invalid request')],
])('asks one by one where batches are refused by %s, and tries no other batch soon', async (_, status, body) => {
  const peer = await startPeer((asked) => (Array.isArray(asked) ? { status, body } : echo(asked)))
  const provider = open(peer.url)
  for (let round = 0; round < 2; round++) {
    expect(await provider.batch(calls(3))).toEqual([0, 1, 2].map((value) => ({ ok: true, result: value })))
  }
  expect(peer.bodies.filter(Array.isArray)).toHaveLength(1)
  expect(provider.health.status()).toMatchObject({ state: 'ok', errors: 0 })
})

test('does not take a limit for a refusal of batches', async () => {
  let isLimited = true
  const peer = await startPeer((body) => (isLimited ? { body: error(null, -32005, 'too many requests') } : echo(body)))
  const provider = open(peer.url)
  await expect(provider.batch(calls(2))).rejects.toMatchObject({ fault: 'rate limited' })
  isLimited = false
  await provider.batch(calls(2))
  expect(peer.bodies.filter(Array.isArray)).toHaveLength(2)
})

test.each([
  ['leaves a call out', (body: Call[]) => body.slice(1).map((call) => result(call, 1))],
  ['answers with one result', (body: Call[]) => result(body[0]!, 1)],
  ['answers one call twice', (body: Call[]) => [...body, body[0]!].map((call) => result(call, 1))],
  ['answers other calls', (body: Call[]) => body.map(({ id, ...call }) => result({ ...call, id: id + 2 }, 1))],
  [
    'answers with ids that are none',
    (body: Call[]) => body.map(() => ({ id: { valueOf: 1, toString: 1 }, result: 1 })),
  ],
  ['answers with nulls', (body: Call[]) => body.map(() => null)],
  ['limits one of the calls', (body: Call[]) => body.map(({ id }) => error(id, -32005, 'slow down'))],
])('gives up a batch of which the provider %s', async (_, answer) => {
  const peer = await startPeer((body) => ({ body: answer(body as Call[]) }))
  const provider = open(peer.url)
  await expect(provider.batch(calls(2))).rejects.toThrow(RpcError)
  expect(provider.health.status().state).toBe('failing')
})

test.each([
  ['the answer to another question', ({ id }: Call) => ({ id: id + 1, result: '0x1' })],
  ['an answer to nobody', () => ({ id: null, result: '0x1' })],
  ['an answer without an id', () => ({ result: '0x1' })],
  ['the error of another question', ({ id }: Call) => error(id + 1, -32601, 'no such method')],
  ['two answers', (call: Call) => [result(call, 1), result(call, 1)]],
  ['an id that is none', () => ({ id: { valueOf: 1, toString: 1 }, result: '0x1' })],
])('believes no provider that gives %s', async (_, answer) => {
  const peer = await startPeer((body) => ({ body: answer(body as Call) }))
  const provider = open(peer.url)
  const asked = provider.request({ method: 'eth_blockNumber', params: [] })
  await expect(asked).rejects.toMatchObject({ fault: 'malformed' })
  expect(provider.health.status().state).toBe('failing')
})

test('takes an id that is written as text', async () => {
  const peer = await startPeer((body) => {
    const asText = (call: Call) => ({ id: String(call.id), result: '0x1' })
    return { body: Array.isArray(body) ? body.map(asText) : asText(body) }
  })
  expect(await open(peer.url).request(calls(1)[0]!)).toBe('0x1')
  expect(await open(peer.url).batch(calls(2))).toMatchObject([{ result: '0x1' }, { result: '0x1' }])
})

test('keeps failing calls apart from their neighbours', async () => {
  const peer = await startPeer((body) => {
    const [first, second] = body as Call[]
    return { body: [error(first!.id, 3, 'execution reverted'), result(second!, '0x1')] }
  })
  expect(await open(peer.url).batch(calls(2))).toMatchObject([
    { ok: false, error: { reverted: true } },
    { ok: true, result: '0x1' },
  ])
})

test.each([
  [-32601, 'the method eth_x does not exist/is not available'],
  [-32004, 'no'],
  [-32000, 'Method not supported on this plan'],
])('asks only once for a method that the provider does not know: %i %s', async (code, message) => {
  const peer = await startPeer((body) => ({ body: error((body as Call).id, code, message) }))
  const provider = open(peer.url)
  for (let round = 0; round < 3; round++) {
    await expect(provider.request({ method: 'eth_x', params: [] })).rejects.toMatchObject({ unsupported: true })
  }
  expect(peer.bodies).toHaveLength(1)
  expect(provider.health.status().state).toBe('ok')
})

test('sends the name and password of its URL in a header, and shows them nowhere', async () => {
  const peer = await startPeer(() => ({ status: 500, body: {} }))
  const url = new URL(peer.url)
  Object.assign(url, { username: 'ana', password: 'p@ss' })
  const failure = await open(url.href)
    .request({ method: 'eth_x', params: [] })
    .catch((reason: unknown) => reason)
  expect(peer.authorization[0]).toBe(`Basic ${Buffer.from('ana:p@ss').toString('base64')}`)
  expect(String(failure)).not.toMatch(/ana|p@ss|p%40ss/)
})

test('follows no redirect: the request holds what is meant for this host', async () => {
  const other = await startPeer(echo)
  const server = createServer((_, response) => response.writeHead(307, { location: other.url }).end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await expect(open(`http://127.0.0.1:${port}`).request({ method: 'eth_x', params: [] })).rejects.toThrow(RpcError)
  expect(other.bodies).toEqual([])
  server.close()
})

test('does not repeat a key of its URL that the provider repeats', async () => {
  const key = '0123456789abcdef'
  const peer = await startPeer(() => ({ body: error(null, -32600, `no project ${key}`) }))
  const provider = open(`${peer.url}/v3/${key}`)
  const refused = await provider.request({ method: 'eth_blockNumber', params: [] }).catch((cause: unknown) => cause)
  expect(String(refused)).toContain('no project ***')
  expect(JSON.stringify(provider.health.status())).not.toContain(key)
})

test.each([
  ['flows by drops', { kind: 'drip' }, 'timeout'],
  ['is too long', { kind: 'oversized', megabytes: 129 }, 'too large'],
  ['belongs to others', { kind: 'mixedIds', as: 'other' }, 'malformed'],
  ['comes twice', { kind: 'mixedIds', as: 'twice' }, 'malformed'],
] as const)('gives up an answer that %s, and the next is taken', async (_, kind, fault) => {
  const node = await startNode({ blocks: chain(1) })
  const provider = open(node.url, fault === 'timeout' ? 300 : 20_000)
  const ask = () => provider.request({ method: 'eth_blockNumber', params: [] })
  await ask()
  node.faults.add({ ...kind, times: 1 })
  await expect(ask()).rejects.toMatchObject({ fault })
  expect(await ask()).toBe('0x1')
  await node.close()
})

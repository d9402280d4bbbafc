import { afterEach, describe, expect, test } from 'vitest'
import { account, chain } from '../../../test/harness/node/block.ts'
import type { Fault } from '../../../test/harness/node/faults.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { asNumber } from '../parseHex.ts'
import type { ChainClient } from './chainClient.ts'
import { RpcError } from './rpcError.ts'

const nodes: TestNode[] = []
async function start(chainId = 1): Promise<TestNode> {
  const node = await startNode({ blocks: chain(10), chainId })
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

const heads = { methods: ['eth_blockNumber'] }
const readHead = (client: ChainClient) =>
  client.request({ method: 'eth_blockNumber', params: [] }, (raw) => asNumber(raw, 'a block number'))
const states = (client: ChainClient) => client.providers().map(({ state }) => state)

describe('where one provider fails, the next one is asked', () => {
  const faults: Record<string, [Fault, RegExp]> = {
    'it limits us': [{ kind: 'status', status: 429, ...heads }, /limits our requests/],
    'its server fails': [{ kind: 'status', status: 503, ...heads }, /HTTP status 503/],
    'it refuses our key': [{ kind: 'status', status: 401, ...heads }, /HTTP status 401/],
    'it is silent': [{ kind: 'hang', ...heads }, /did not answer in time/],
    'it hangs up': [{ kind: 'drop', ...heads }, /cannot be reached/],
    'it gives half an answer': [{ kind: 'malformed', ...heads }, /no JSON/],
    'it gives no end of an answer': [{ kind: 'oversized', megabytes: 200, ...heads }, /more than 128 MiB|in time/],
    'it gives an answer without a result': [{ kind: 'rewrite', rewrite: () => undefined, ...heads }, /neither result/],
    'it gives something else': [{ kind: 'rewrite', rewrite: () => 12, ...heads }, /where a block number was expected/],
    'it answers with an error': [{ kind: 'error', code: -32000, message: 'try later', ...heads }, /try later/],
    'it limits us in words': [{ kind: 'error', code: -32005, message: 'limit exceeded', ...heads }, /limit exceeded/],
    'it serves another chain': [{ kind: 'chainId', chainId: 5 }, /serves chain 5, not chain 1/],
    'it does not know its chain': [{ kind: 'rewrite', rewrite: () => null, methods: ['eth_chainId'] }, /a chain id/],
  }

  test.each(Object.entries(faults))('because %s', async (_, [fault, reason]) => {
    const [bad, good] = [await start(), await start()]
    bad.faults.add(fault)
    const client = openTestClient(bad.url, good.url)
    expect(await readHead(client)).toBe(10)
    await expect(readHead(openTestClient(bad.url))).rejects.toThrow(reason)
  })

  test('because nobody listens there', async () => {
    const gone = await start()
    await gone.close()
    nodes.length = 0
    const client = openTestClient(gone.url, (await start()).url)
    expect(await readHead(client)).toBe(10)
    expect(states(client)).toEqual(['failing', 'ok'])
  })
})

describe('a provider that failed', () => {
  test('rests while the next one is asked, and is asked again where that fails too', async () => {
    const [first, second] = [await start(), await start()]
    first.faults.add({ kind: 'status', status: 500, times: 1, ...heads })
    const client = openTestClient(first.url, second.url)
    await readHead(client)
    await readHead(client)
    expect(first.requests.byMethod.eth_blockNumber).toBeUndefined()
    second.faults.add({ kind: 'drop' })
    expect(await readHead(client)).toBe(10)
    expect(first.requests.byMethod.eth_blockNumber).toBe(1)
    expect(states(client)).toEqual(['ok', 'failing'])
  })

  test('is left alone for as long as it asked for', async () => {
    const node = await start()
    node.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 60, times: 1, ...heads })
    const client = openTestClient(node.url)
    await expect(readHead(client)).rejects.toMatchObject({ fault: 'rate limited', retryAfterMs: 60_000 })
    const asked = node.requests.http
    await expect(readHead(client)).rejects.toMatchObject({
      fault: 'rate limited',
      message: expect.stringContaining('limits our requests'),
      retryAfterMs: expect.closeTo(60_000, -4),
    })
    expect(node.requests.http).toBe(asked)
  })

  test('of another chain is asked nothing but its chain, and not again soon', async () => {
    const node = await start(5)
    const client = openTestClient(node.url)
    await expect(readHead(client)).rejects.toMatchObject({ fault: 'wrong chain', retryable: false })
    await expect(readHead(client)).rejects.toMatchObject({ fault: 'wrong chain' })
    expect(node.requests.byMethod).toEqual({ eth_chainId: 1 })
    expect(states(client)).toEqual(['refused'])
  })

  test('is shown by its host only, with what it cost', async () => {
    const node = await start()
    node.faults.add({ kind: 'status', status: 500, times: 2 })
    const client = openTestClient(`${node.url}/v3/0123456789abcdef?key=secret`)
    await expect(readHead(client)).rejects.toThrow(RpcError)
    await expect(readHead(client)).rejects.toThrow(RpcError)
    await readHead(client)
    const [status] = client.providers()
    const { host } = new URL(node.url)
    expect(status).toMatchObject({ host, state: 'ok', requests: 4, errors: 2 })
    expect(status?.lastError).toBe(`${host} answered with HTTP status 500.`)
  })
})

test('a reverted call is an answer: nobody else is asked', async () => {
  const [first, second] = [await start(), await start()]
  first.faults.add({ kind: 'error', code: 3, message: 'execution reverted', data: '0x08c379a0', methods: ['eth_call'] })
  const client = openTestClient(first.url, second.url)
  const call = client.request({ method: 'eth_call', params: [{ to: account(1) }, 'latest'] }, (raw) => raw)
  await expect(call).rejects.toMatchObject({ reverted: true, rpcCode: 3, data: '0x08c379a0' })
  expect(second.requests.calls).toBe(0)
})

test('what one provider cannot answer of a batch is asked of the next, and only that', async () => {
  const [first, second] = [await start(), await start()]
  first.faults.add({ kind: 'error', code: -32000, message: 'missing trie node', methods: ['eth_call'], times: 1 })
  second.state = () => '0x22'
  first.state = () => '0x11'
  const client = openTestClient(first.url, second.url)
  const call = { method: 'eth_call', params: [{ to: account(1) }, 'latest'] }
  expect(await client.batch([call, call])).toEqual([
    { ok: true, result: '0x22' },
    { ok: true, result: '0x11' },
  ])
  expect(second.requests.byMethod.eth_call).toBe(1)
  first.faults.add({ kind: 'error', code: -32000, message: 'missing trie node', methods: ['eth_call'] })
  second.faults.add({ kind: 'drop' })
  expect(await client.batch([call])).toMatchObject([{ ok: false, error: { fault: 'answered' } }])
  first.faults.clear()
  first.faults.add({ kind: 'drop' })
  await expect(client.batch([call])).rejects.toThrow(RpcError)
  expect(await client.batch([])).toEqual([])
})

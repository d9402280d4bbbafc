import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { account, chain, log, tx } from './block.ts'
import type { Fault } from './faults.ts'
import { logsBloom } from './logsBloom.ts'
import { receiptsRoot } from './receiptsRoot.ts'
import type { RpcBlock, RpcReceipt } from './rpcTypes.ts'
import { startNode, type TestNode } from './startNode.ts'

const vault = account(0x7a)
const topic = `0x${'70'.repeat(32)}` as const
const blocks = chain(40, () => [
  tx({
    to: vault,
    logs: [log({ address: vault, data: '0x01' }), log({ address: vault, topics: [topic], data: '0x02' })],
  }),
  tx(),
])
const head = blocks.at(-1)!

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks, seed: 3 })
})
afterEach(() => node.close())

const request = (method: string, params: unknown[] = [], signal?: AbortSignal) =>
  fetch(node.url, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    ...(signal && { signal }),
  })
type Envelope<T> = { result?: T; error?: { code: number; message: string; data?: unknown } }
async function envelope<T>(method: string, ...params: unknown[]): Promise<Envelope<T>> {
  return (await (await request(method, params)).json()) as Envelope<T>
}
const result = async <T = unknown>(method: string, ...params: unknown[]) =>
  (await envelope<T>(method, ...params)).result
const statuses = async (method: string, count: number) => {
  const seen: number[] = []
  for (let asked = 0; asked < count; asked++) seen.push((await request(method)).status)
  return seen
}

/** Names of the fields in which two answers differ. */
const differing = (one: object, other: object) => {
  const theirs = new Map(Object.entries(other))
  return Object.entries(one).flatMap(([name, value]) => (isDeepStrictEqual(value, theirs.get(name)) ? [] : [name]))
}

describe('transport faults', () => {
  test('answer the next n requests with a status, per method, and say when to come back', async () => {
    node.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 2, times: 2, methods: ['eth_blockNumber'] })
    expect(await statuses('eth_chainId', 1)).toEqual([200])
    const refused = await request('eth_blockNumber')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await statuses('eth_blockNumber', 2)).toEqual([429, 200])
  })

  test('come at a rate, the same for the same seed, until switched off', async () => {
    const stop = node.faults.add({ kind: 'status', status: 503, rate: 0.5 })
    const first = await statuses('eth_chainId', 40)
    const refused = first.filter((status) => status === 503).length
    expect(refused).toBeGreaterThan(10)
    expect(refused).toBeLessThan(30)
    stop()
    expect(new Set(await statuses('eth_chainId', 10))).toEqual(new Set([200]))

    await node.close()
    node = await startNode({ blocks, seed: 3 })
    node.faults.add({ kind: 'status', status: 503, rate: 0.5 })
    expect(await statuses('eth_chainId', 40)).toEqual(first)
  })

  test('hang until the asker gives up', async () => {
    node.faults.add({ kind: 'hang' })
    await expect(request('eth_chainId', [], AbortSignal.timeout(100))).rejects.toThrow(/timeout/i)
  })

  test('drop the connection', async () => {
    node.faults.add({ kind: 'drop', times: 1 })
    await expect(request('eth_chainId')).rejects.toThrow('fetch failed')
    expect(await result('eth_chainId')).toBe('0x1')
  })

  test('break the JSON', async () => {
    node.faults.add({ kind: 'malformed' })
    await expect(envelope('eth_chainId')).rejects.toThrow(SyntaxError)
  })

  test('answer more than anybody asked for', async () => {
    node.faults.add({ kind: 'oversized', megabytes: 3 })
    const response = await request('eth_chainId')
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(3 * 1024 * 1024)
  })

  test('begin an answer that never comes to its end', async () => {
    node.faults.add({ kind: 'drip' })
    const stop = new AbortController()
    const response = await request('eth_chainId', [], stop.signal)
    setTimeout(() => stop.abort(), 200)
    await expect(response.text()).rejects.toThrow(/abort/i)
  })

  test('mix up to whom an answer belongs', async () => {
    node.faults.add({ kind: 'mixedIds', as: 'other', times: 1 })
    expect(await (await request('eth_chainId')).json()).toEqual({ jsonrpc: '2.0', id: 1_000_001, result: '0x1' })
    node.faults.add({ kind: 'mixedIds', as: 'twice' })
    expect(await (await request('eth_chainId')).json()).toHaveLength(2)
  })

  test('answer late', async () => {
    node.faults.add({ kind: 'slow', delayMs: 20 })
    expect(await result('eth_chainId')).toBe('0x1')
  })
})

describe('answer faults', () => {
  const receiptsOf = (which: string) => envelope<RpcReceipt[] | null>('eth_getBlockReceipts', which)

  test('an error envelope', async () => {
    node.faults.add({ kind: 'error', code: -32005, message: 'limit exceeded', data: '0x', methods: ['eth_getLogs'] })
    expect((await envelope('eth_getLogs', {})).error).toEqual({ code: -32005, message: 'limit exceeded', data: '0x' })
    expect(await result('eth_chainId')).toBe('0x1')
  })

  test('the newest block is not there yet, twice', async () => {
    node.faults.add({ kind: 'nullHeadBlock', times: 2 })
    expect(await result('eth_blockNumber')).toBe('0x28')
    expect(await result('eth_getBlockByNumber', '0x27', false)).not.toBeNull()
    expect(await result('eth_getBlockByNumber', 'latest', false)).toBeNull()
    expect(await result('eth_getBlockByHash', head.hash, false)).toBeNull()
    expect(await result('eth_getBlockByNumber', '0x28', false)).not.toBeNull()
  })

  test.each([
    ['null', { result: null }],
    ['empty', { result: [] }],
    ['partial', { result: [head.receipts[0]] }],
    ['absent', {}],
  ] as const)('the newest receipts are %s', async (as, expected) => {
    node.faults.add({ kind: 'headReceipts', as })
    expect(await receiptsOf(head.hash)).toEqual({ jsonrpc: '2.0', id: 1, ...expected })
    expect((await receiptsOf('0x5')).result).toHaveLength(2)
  })

  test('one log is left out, and nothing else', async () => {
    node.faults.add({ kind: 'omitLog' })
    const { result: receipts } = await receiptsOf('0x5')
    expect(receipts?.map(({ logs }) => logs.map(({ data }) => data))).toEqual([['0x01'], []])
    expect(await result('eth_getLogs', { fromBlock: '0x5', toBlock: '0x5' })).toHaveLength(1)
  })

  test('another chain id', async () => {
    node.faults.add({ kind: 'chainId', chainId: 137 })
    expect([await result('eth_chainId'), await result('net_version')]).toEqual(['0x89', '137'])
  })

  test('every other head is stale', async () => {
    node.faults.add({ kind: 'staleHead', by: 3 })
    const seen = [await result('eth_blockNumber'), await result('eth_blockNumber'), await result('eth_blockNumber')]
    expect(seen).toEqual(['0x25', '0x28', '0x25'])
    expect(await result('eth_getBlockByNumber', 'latest', false)).toMatchObject({ number: '0x28', hash: head.hash })
    expect(await result('eth_getBlockByNumber', 'latest', false)).toMatchObject({ hash: blocks[36]!.hash })
  })

  test('the head jumps ahead of its blocks', async () => {
    node.faults.add({ kind: 'jumpHead', by: 10_000 })
    expect(await result('eth_blockNumber')).toBe('0x2738')
    expect(await result('eth_getBlockByNumber', 'latest', false)).toMatchObject({ number: '0x2738', hash: head.hash })
    expect(await result('eth_getBlockByNumber', '0x2738', false)).toBeNull()
  })

  test.each([
    ['missingTopics', { data: '0x01' }, 'topics'],
    ['numberData', { data: 12 }, null],
    ['oddHex', { data: '0x123' }, null],
    ['fiveTopics', { topics: Array.from({ length: 5 }, () => `0x${'5'.repeat(64)}`) }, null],
  ] as const)('a log that is no log: %s', async (as, expected, missing) => {
    node.faults.add({ kind: 'wrongType', as })
    const [wrong, right] = (await receiptsOf('0x5')).result![0]!.logs
    expect(wrong).toMatchObject(expected)
    if (missing) expect(wrong).not.toHaveProperty(missing)
    expect(right).toEqual(blocks[4]!.receipts[0]!.logs[1])
  })

  test('a block whose number is a number', async () => {
    node.faults.add({ kind: 'wrongType', as: 'blockNumber' })
    expect((await result<RpcBlock>('eth_getBlockByNumber', '0x5', false))?.number).toBe(5)
  })

  test('a node that is behind in all it says', async () => {
    node.faults.add({ kind: 'laggard', by: 3 })
    expect(await result('eth_blockNumber')).toBe('0x25')
    expect(await result('eth_getBlockByNumber', 'latest', false)).toMatchObject({ number: '0x25' })
    expect(await result('eth_getBlockByNumber', '0x26', false)).toBeNull()
    expect(await result('eth_getBlockByHash', head.hash, false)).toBeNull()
    expect(await result('eth_getBlockReceipts', head.hash)).toBeNull()
    expect((await envelope('eth_call', {}, { blockHash: head.hash })).error?.message).toBe('header not found')
    expect(await result('eth_getBlockReceipts', '0x25')).toHaveLength(2)
  })

  test('logs that call themselves removed', async () => {
    node.faults.add({ kind: 'removedLogs' })
    expect((await receiptsOf('0x5')).result?.[0]?.logs.map(({ removed }) => removed)).toEqual([true, true])
  })

  test.each([
    ['hash', { block: ['hash'], receipts: ['blockHash'] }],
    ['header', { block: ['timestamp'], receipts: [] }],
    ['log', { block: [], receipts: ['logs'] }],
    ['bloom', { block: ['logsBloom'], receipts: ['logs', 'logsBloom'] }],
  ] as const)('a block and receipts with a forged %s, and every other one true', async (as, changed) => {
    node.faults.add({ kind: 'forge', as, every: 2 })
    const truth = blocks[5]!
    const forged = await result<RpcBlock>('eth_getBlockByNumber', '0x6', true)
    const receipts = (await receiptsOf(forged!.hash)).result!
    expect(differing(forged!, truth.block)).toEqual(changed.block)
    expect(differing(receipts[0]!, truth.receipts[0]!)).toEqual(changed.receipts)
    const short = { ...truth.block, transactions: truth.block.transactions.map(({ hash }) => hash) }
    expect(differing((await result<RpcBlock>('eth_getBlockByNumber', '0x6', false))!, short)).toEqual(changed.block)
    expect(await result('eth_getBlockByNumber', '0x7', true)).toEqual(blocks[6]!.block)
    expect((await receiptsOf(blocks[6]!.hash)).result).toEqual(blocks[6]!.receipts)
  })

  test('forged receipts fit the bloom, and only the root of the receipts tells', async () => {
    for (const as of ['log', 'bloom'] as const) {
      node.faults.clear()
      node.faults.add({ kind: 'forge', as })
      const block = (await result<RpcBlock>('eth_getBlockByNumber', '0x6', false))!
      const receipts = (await receiptsOf('0x6')).result!
      expect(block.logsBloom).toBe(logsBloom(receipts.flatMap(({ logs }) => logs)))
      expect(receiptsRoot(receipts)).not.toBe(block.receiptsRoot)
    }
  })

  test('any other lie, and the truth after clear', async () => {
    const lie: Fault = { kind: 'rewrite', methods: ['eth_getBalance'], rewrite: () => '0xffff' }
    node.faults.add(lie)
    expect(await result('eth_getBalance', vault, 'latest')).toBe('0xffff')
    node.faults.clear()
    expect(await result('eth_getBalance', vault, 'latest')).toBe('0x0')
  })
})

test('two nodes can hold different chains at the same heights', async () => {
  const other = await startNode({ blocks: chain(40, () => [], { salt: 'other provider' }) })
  const ask = async (url: string) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['0x7', false] })
    return ((await (await fetch(url, { method: 'POST', body })).json()) as { result: RpcBlock }).result
  }
  const [one, two] = await Promise.all([ask(node.url), ask(other.url)])
  expect(one.number).toBe(two.number)
  expect(one.hash).not.toBe(two.hash)
  await other.close()
})

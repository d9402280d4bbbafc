import { afterEach, beforeEach, expect, test } from 'vitest'
import { account, chain } from '../../test/harness/node/block.ts'
import { RpcError as NodeError } from '../../test/harness/node/jsonRpc.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { type Read, readKey } from '../model/read.ts'
import { readState } from './readState.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { RpcCall } from './rpc/transport.ts'

const blocks = chain(3)
const head = blocks.at(-1)!
const [vault, token] = [account(0x7a), account(0x7b)]
const slot = `0x${'0'.repeat(63)}1` as const
const total: Read = { at: 'block', kind: 'call', to: vault, data: '0x01e1d114' }

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks })
})
afterEach(() => node.close())

test('answers reads of every kind in one request, at the hash of the block and of its parent', async () => {
  const asked: [string, unknown][] = []
  node.state = (method, params) => {
    asked.push([method, params.at(-1)])
    return { eth_call: '0xABCD', eth_getBalance: '0x5', eth_getStorageAt: '0x7', eth_getCode: '0x6001' }[method]
  }
  const reads: Read[] = [
    total,
    { at: 'parent', kind: 'balance', of: vault },
    { at: 'block', kind: 'storage', of: vault, slot },
    { at: 'parent', kind: 'code', of: vault },
  ]
  const client = openTestClient(node.url)
  const answers = await readState(client, head, reads)
  expect(reads.map((read) => answers.get(readKey(read)))).toEqual([
    { ok: true, data: '0xabcd' },
    { ok: true, data: `0x${'0'.repeat(63)}5` },
    { ok: true, data: `0x${'0'.repeat(63)}7` },
    { ok: true, data: '0x6001' },
  ])
  expect(asked).toEqual([
    ['eth_call', { blockHash: head.hash }],
    ['eth_getBalance', { blockHash: head.parentHash }],
    ['eth_getStorageAt', { blockHash: head.hash }],
    ['eth_getCode', { blockHash: head.parentHash }],
  ])
  expect(node.requests.batchSizes).toEqual([1, 4])
})

test('asks each question once, and none where there is none', async () => {
  const client = openTestClient(node.url)
  const before: Read = { ...total, at: 'parent' }
  expect((await readState(client, head, [total, before, { ...total }, total])).size).toBe(2)
  expect(node.requests.byMethod.eth_call).toBe(2)
  const { http } = node.requests
  expect((await readState(client, head, [])).size).toBe(0)
  expect(node.requests.http).toBe(http)
})

test('takes no word of more than 32 bytes, and no half bytes', async () => {
  node.state = (method) => (method === 'eth_call' ? '0x123' : `0x1${'0'.repeat(64)}`)
  const reads: Read[] = [total, { at: 'block', kind: 'balance', of: vault }]
  const answers = await readState(openTestClient(node.url), head, reads)
  expect(reads.map((read) => answers.get(readKey(read)))).toEqual([
    { ok: false, reverted: false, reason: expect.stringContaining('no hex of whole bytes') },
    { ok: false, reverted: false, reason: expect.stringContaining('no word') },
  ])
})

test('keeps what fails apart from its neighbours', async () => {
  node.state = (_, [call]) => {
    const { to } = call as { to: string }
    if (to === vault) throw new NodeError(3, 'execution reverted', '0x')
    if (to === token) throw new NodeError(-32000, 'missing trie node')
    return to === account(1) ? 'no hex' : '0x01'
  }
  const reads = [vault, token, account(1), account(2)].map((to): Read => ({ ...total, to }))
  const answers = await readState(openTestClient(node.url), head, reads)
  expect(reads.map((read) => answers.get(readKey(read)))).toEqual([
    { ok: false, reverted: true, reason: expect.stringContaining('execution reverted') },
    { ok: false, reverted: false, reason: expect.stringContaining('missing trie node') },
    { ok: false, reverted: false, reason: expect.stringContaining('no hex') },
    { ok: true, data: '0x01' },
  ])
})

test('takes thousands of reads in portions of 1,000', async () => {
  node.state = (_, [of]) => String(of).slice(0, 2) + String(of).slice(-4)
  const reads = Array.from({ length: 2001 }, (_, n): Read => ({ at: 'block', kind: 'balance', of: account(n) }))
  const answers = await readState(openTestClient(node.url), head, reads)
  expect(reads.every((read, n) => BigInt((answers.get(readKey(read)) as { data: string }).data) === BigInt(n))).toBe(
    true,
  )
  expect(node.requests.batchSizes).toEqual([1, 1000, 1000, 1])
})

test('answers the rest where simulations fail as a whole', async () => {
  node.state = () => '0x05'
  const real = openTestClient(node.url)
  const batch: ChainClient['batch'] = async (calls) => {
    if (calls.some(({ method }) => method === 'eth_simulateV1')) throw new RpcError('timeout', 'It took too long.')
    return real.batch(calls)
  }
  const simulation: Read = { at: 'block', kind: 'simulation', calls: [], probes: [{ kind: 'balance', of: vault }] }
  const answers = await readState({ ...real, batch }, head, [simulation, total])
  expect([simulation, total].map((read) => answers.get(readKey(read)))).toEqual([
    { ok: false, reverted: false, reason: 'It took too long.' },
    { ok: true, data: '0x05' },
  ])
})

test('fails as a whole where the block itself is unknown, since it may be there soon or be gone', async () => {
  const client = openTestClient(node.url)
  const orphan = { hash: `0x${'ab'.repeat(32)}`, parentHash: `0x${'cd'.repeat(32)}` } as const
  await expect(readState(client, orphan, [total])).rejects.toMatchObject({ unknownBlock: true })
  const answers = await readState(client, { ...orphan, hash: head.hash }, [{ ...total, at: 'parent' }])
  expect([...answers.values()]).toMatchObject([{ ok: false, reverted: false }])
})

test.each(['block not found', 'unknown block', 'method not supported'])(
  'takes a contract that reverts with the words "%s" for one that reverts',
  async (words) => {
    node.state = () => {
      throw new NodeError(3, `execution reverted: ${words}`, '0x')
    }
    const answers = await readState(openTestClient(node.url), head, [total])
    expect(answers.get(readKey(total))).toMatchObject({ ok: false, reverted: true })
  },
)

test('finds the one whose answer is too large, and answers for the others', async () => {
  const greedy: Read = { ...total, to: token }
  node.state = () => '0x05'
  const real = openTestClient(node.url)
  const isGreedy = ({ params }: RpcCall) => (params[0] as { to: string }).to === token
  const batch: ChainClient['batch'] = async (calls) => {
    if (calls.some(isGreedy)) throw new RpcError('too large', 'It answered with more than 128 MiB.')
    return real.batch(calls)
  }
  const others = Array.from({ length: 6 }, (_, index): Read => ({ ...total, to: account(index + 1) }))
  const answers = await readState({ ...real, batch }, head, [...others.slice(0, 3), greedy, ...others.slice(3)])
  expect(answers.get(readKey(greedy))).toMatchObject({ ok: false, reverted: false })
  expect(others.map((read) => answers.get(readKey(read)))).toEqual(others.map(() => ({ ok: true, data: '0x05' })))
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { chain, tx } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import { checkProvider, type Need } from './checkProvider.ts'

const blocks = chain(1100, (place) => (place % 2 === 0 ? [tx()] : []))
const head = blocks.at(-1)!
const now = new Date((head.timestamp + 5) * 1000)
let node: TestNode

beforeEach(async () => {
  node = await startNode({ blocks })
})
afterEach(() => node.close())

async function check(needs: Need[] = ['logs', 'state'], id = 1, at = now) {
  const client = createChainClient([
    createProvider({ url: `${node.url}/v3/s3cret-key`, chainId: id, timeoutMs: 2_000 }),
  ])
  const { header, receiptsAtOnce, verdicts } = await checkProvider(client, {
    id,
    needs: new Set(needs),
    staleAfterMs: 600_000,
    now: at,
  })
  client.close()
  expect(JSON.stringify(verdicts)).not.toContain('s3cret')
  const of = (level: string) => verdicts.filter((verdict) => verdict.level === level).map(({ message }) => message)
  return { header, receiptsAtOnce, problems: of('problem'), notes: of('note'), ok: of('ok') }
}

test('finds nothing wrong with a provider that can do everything', async () => {
  const { header, receiptsAtOnce, problems, notes, ok } = await check()
  expect({ number: header?.number, problems, notes }).toEqual({ number: head.number, problems: [], notes: [] })
  expect(receiptsAtOnce).toBe(true)
  expect(ok[0]).toMatch(/^serves chain 1, block 1,100 of 5 s ago, answers within \d+ ms$/)
  expect(ok).toContain('keeps old state, so that replay can judge it')
})

test('refuses a provider of another chain, and one that cannot be reached, by its host only', async () => {
  expect((await check([], 5)).problems).toEqual([expect.stringContaining('serves chain 1, not chain 5')])
  node.faults.add({ kind: 'status', status: 403 })
  const { header, problems } = await check()
  expect(header).toBeNull()
  expect(problems).toEqual([expect.stringContaining('HTTP status 403')])
})

test('minds state and receipts only where a monitor needs them', async () => {
  node.faults.add({ kind: 'error', code: -32000, message: 'missing trie node', methods: ['eth_getBalance'] })
  node.faults.add({ kind: 'error', code: -32000, message: 'no receipts here', methods: ['eth_getBlockReceipts'] })
  const needed = await check()
  expect(needed.problems).toEqual([
    expect.stringContaining('gives no receipts, which the monitors need'),
    expect.stringContaining('reads no state, which the monitors need'),
  ])
  const idle = await check([])
  expect(idle.problems).toEqual([])
  expect(idle.notes).toHaveLength(2)
})

test('knows what only costs more', async () => {
  node.faults.add({ kind: 'error', code: -32601, message: 'no such method', methods: ['eth_getBlockReceipts'] })
  node.faults.add({
    kind: 'rewrite',
    methods: ['eth_getBalance'],
    rewrite: (result, params) => {
      if (typeof params[1] === 'string') throw new Error('old')
      return result
    },
  })
  expect((await check()).receiptsAtOnce).toBe(false)
  const { problems, notes } = await check()
  expect(problems).toEqual([])
  expect(notes).toEqual([expect.stringContaining('eth_getBlockReceipts'), expect.stringContaining('no old state')])
})

test('says that nothing is simulated where monitors want that, which the test node does not', async () => {
  const { problems, notes } = await check(['simulation'])
  expect({ problems, notes }).toEqual({ problems: [], notes: ['It does not simulate calls (eth_simulateV1).'] })
})

test('says whether it tells of pending transactions where monitors want that, and only there', async () => {
  const { problems, notes } = await check(['pending'])
  expect({ problems, notes }).toEqual({
    problems: [],
    notes: [expect.stringMatching(/^It does not tell of pending transactions: its URL is no WebSocket/)],
  })
  expect((await check(['logs'])).notes).toEqual([])
})

test('notices a head that stands still or lies in the future', async () => {
  const later = new Date(now.getTime() + 3 * 3_600_000)
  expect((await check([], 1, later)).problems).toEqual(['Its newest block, 1100, is 3 hours old.'])
  const earlier = new Date(now.getTime() - 3_600_000)
  expect((await check([], 1, earlier)).problems).toEqual([expect.stringContaining('in the future')])
})

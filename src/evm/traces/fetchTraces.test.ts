import { afterEach, describe, expect, test } from 'vitest'
import { hasCorpus, recordedTraces } from '../../../test/harness/corpus.ts'
import { account, block as serveBlock, tx } from '../../../test/harness/node/block.ts'
import type { Fault } from '../../../test/harness/node/faults.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { modelBlock } from '../../../test/harness/scene.ts'
import type { Block, Call } from '../../model/chain.ts'
import { parseBlock } from '../parseBlock.ts'
import { fetchTraces } from './fetchTraces.ts'
import type { TraceMethod } from './traceWays.ts'

const [ana, vault, token, thief] = [account(0xa), account(0x7a), account(0x7b), account(0xbad)]
const precompile = account(4)
const served = serveBlock({
  transactions: [
    tx({
      from: ana,
      to: thief,
      value: 3n,
      input: '0x01',
      calls: [
        { to: precompile, kind: 'staticcall', input: '0x05', output: '0x05' },
        {
          to: vault,
          input: '0xaabbccdd',
          calls: [
            { to: token, kind: 'delegatecall', calls: [{ to: ana, value: 7n }] },
            { to: thief, value: 9n, error: 'execution reverted', calls: [{ to: token, input: '0x02' }] },
          ],
        },
        { to: account(0xc0), kind: 'create2', input: '0x60', output: '0x61' },
        { to: ana, kind: 'selfdestruct', value: 1n },
      ],
    }),
    tx({ to: null, input: '0x6001', status: 'reverted', calls: [{ to: vault }] }),
    ...Array.from({ length: 6 }, (_, place) => tx({ to: vault, input: `0x0${place}` })),
  ],
})
const block = modelBlock(served)
const wanted = block.transactions.slice(0, 2)
const hashes = block.transactions.map(({ hash }) => hash)

const nodes: TestNode[] = []
async function start(...faults: Fault[]): Promise<TestNode> {
  const node = await startNode({ blocks: [served] })
  for (const fault of faults) node.faults.add(fault)
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

const all: TraceMethod[] = ['debug_traceTransaction', 'trace_transaction', 'debug_traceBlockByHash', 'trace_block']
const unsupported = (...methods: string[]): Fault => ({
  kind: 'error',
  code: -32601,
  message: 'the method does not exist/is not available',
  methods,
})
const rewriting = (method: string, rewrite: (result: unknown) => unknown): Fault => ({
  kind: 'rewrite',
  methods: [method],
  rewrite,
})
const only = (method: TraceMethod) => unsupported(...all.filter((each) => each !== method))
const fetchFrom = (from: readonly TestNode[], which = wanted) =>
  fetchTraces(openTestClient(...from.map(({ url }) => url)), block, which)
const shown = ({ position, depth, kind, from, to, value, input, reverted }: Call) =>
  [position, depth, kind, from, to, value, input, reverted] as const

describe('traces', () => {
  test.each(all)('by %s tell every call, and which took effect', async (method) => {
    const node = await start(only(method))
    const traces = await fetchFrom([node])
    const [first, second] = hashes.slice(0, 2).map((hash) => traces.get(hash))
    expect(first?.ok && first.calls.map(shown)).toEqual([
      [0, 0, 'call', ana, thief, 3n, '0x01', false],
      [1, 1, 'call', thief, vault, 0n, '0xaabbccdd', false],
      [2, 2, 'delegatecall', vault, token, 0n, '0x', false],
      [3, 3, 'call', vault, ana, 7n, '0x', false],
      [4, 2, 'call', vault, thief, 9n, '0x', true],
      [5, 3, 'call', thief, token, 0n, '0x02', true],
      [6, 1, 'create', thief, account(0xc0), 0n, '0x60', false],
      [7, 1, 'selfdestruct', thief, ana, 1n, '0x', false],
    ])
    expect(second?.ok && second.calls.map(({ kind, to, reverted }) => [kind, to, reverted])).toEqual([
      ['create', null, true],
      ['call', vault, true],
    ])
    expect(traces.size).toBe(2)
  })

  test('of a few transactions are asked for one by one, those of many with the whole block', async () => {
    const node = await start()
    await fetchFrom([node])
    await fetchFrom([node], block.transactions)
    expect(node.requests.byMethod).toEqual({ eth_chainId: 2, debug_traceTransaction: 2, debug_traceBlockByHash: 1 })
  })

  test('are not asked for in a way twice that the provider does not know', async () => {
    const node = await start(unsupported('debug_traceBlockByHash'))
    const client = openTestClient(node.url)
    for (let time = 0; time < 3; time++) {
      const traces = await fetchTraces(client, block, block.transactions)
      expect([...traces.values()].every(({ ok }) => ok)).toBe(true)
    }
    expect(node.requests.byMethod).toEqual({ eth_chainId: 1, debug_traceBlockByHash: 1, trace_block: 3 })
  })

  test('of nothing cost nothing', async () => {
    const node = await start()
    expect(await fetchFrom([node], [])).toEqual(new Map())
    expect(node.requests.calls).toBe(0)
  })
})

const tracesOf = async (...faults: Fault[]) => [...(await fetchFrom([await start(...faults)])).values()]

describe('what cannot be believed', () => {
  const first = (change: (call: Record<string, unknown>) => unknown) => (result: unknown) =>
    change(result as Record<string, unknown>)
  const method = 'debug_traceTransaction'

  test.each<[string, Fault]>([
    ['an empty object', rewriting(method, () => ({}))],
    ['nothing', rewriting(method, () => null)],
    ['no result', rewriting(method, () => undefined)],
    [
      'another sender',
      rewriting(
        method,
        first((call) => ({ ...call, from: vault })),
      ),
    ],
    [
      'another recipient',
      rewriting(
        method,
        first((call) => ({ ...call, to: vault })),
      ),
    ],
    [
      'another value',
      rewriting(
        method,
        first((call) => ({ ...call, value: '0x4' })),
      ),
    ],
    [
      'another input',
      rewriting(
        method,
        first((call) => ({ ...call, input: '0x02' })),
      ),
    ],
    [
      'another outcome',
      rewriting(
        method,
        first(({ error, ...call }) => (error ? call : { ...call, error: 'x' })),
      ),
    ],
    ['a struct log', rewriting(method, () => ({ gas: 1, failed: false, returnValue: '0x', structLogs: [] }))],
  ])('%s is fetched in another way, and the provider is marked', async (_, fault) => {
    const node = await start(fault)
    const client = openTestClient(node.url)
    const traces = await fetchTraces(client, block, wanted)
    expect([...traces.values()].map(({ ok }) => ok)).toEqual([true, true])
    expect(client.providers()[0]?.lastError).toMatch(/A provider gave|neither result nor error/)
    expect(node.requests.byMethod.trace_transaction).toBeGreaterThan(0)
  })

  test.each<[string, TraceMethod, (result: unknown) => unknown]>([
    ['a block cut short', 'debug_traceBlockByHash', (list) => (list as unknown[]).slice(1)],
    ['an empty object for a block', 'debug_traceBlockByHash', () => ({})],
    ['transactions in another order', 'debug_traceBlockByHash', (list) => (list as unknown[]).toReversed()],
    ['an empty object for each transaction', 'debug_traceBlockByHash', (list) => (list as unknown[]).map(() => ({}))],
    ['no traces', 'trace_block', () => []],
    ['null', 'trace_block', () => null],
    ['traces of another block', 'trace_block', (list) => changed(list, { blockHash: `0x${'12'.repeat(32)}` })],
    ['traces of other transactions', 'trace_block', (list) => changed(list, { transactionHash: hashes[3] })],
    ['traces of a later transaction', 'trace_block', (list) => changed(list, { transactionPosition: 900 })],
    ['traces of another block', 'trace_transaction', (list) => changed(list, { blockHash: hashes[0] })],
  ])('%s: nobody is told that there were no calls', async (_, way, rewrite) => {
    const traces = await tracesOf(only(way), rewriting(way, rewrite))
    expect(traces).toHaveLength(2)
    for (const trace of traces) expect(trace).toMatchObject({ ok: false, lasting: false })
  })

  const changed = (list: unknown, rest: object) => (list as object[]).map((trace) => ({ ...trace, ...rest }))

  test('a trace that is missing alone leaves the others', async () => {
    const broken = (list: unknown) =>
      (list as object[]).map((item, place) => (place === 0 ? { error: 'timeout' } : item))
    const traces = await tracesOf(only('debug_traceBlockByHash'), rewriting('debug_traceBlockByHash', broken))
    expect(traces.map(({ ok }) => ok)).toEqual([false, true])
  })
})

describe('where a provider cannot', () => {
  test('the next one is asked for what is left', async () => {
    const [without, witht] = [await start(unsupported(...all)), await start()]
    const traces = await fetchFrom([without, witht])
    expect([...traces.values()].map(({ ok }) => ok)).toEqual([true, true])
    expect(witht.requests.byMethod).toEqual({ eth_chainId: 1, debug_traceTransaction: 2 })
  })

  test('ever, that is said with the reason', async () => {
    for (const trace of await tracesOf(unsupported(...all))) {
      expect(trace).toEqual({ ok: false, lasting: true, reason: expect.stringContaining('does not exist') })
    }
  })

  test('now, its reason is the one that is told', async () => {
    const failing: Fault = {
      kind: 'error',
      code: -32000,
      message: 'historical state not available',
      methods: ['trace_block'],
    }
    for (const trace of await tracesOf(only('trace_block'), failing)) {
      expect(trace).toEqual({ ok: false, lasting: false, reason: expect.stringContaining('historical state') })
    }
  })

  test('be reached, it is not asked four times over', async () => {
    const node = await start({ kind: 'drop' })
    const traces = await fetchFrom([node])
    expect([...traces.values()].map(({ ok }) => ok)).toEqual([false, false])
    expect(node.requests.http).toBeLessThanOrEqual(2)
  })
})

test.skipIf(!hasCorpus)('traces of recorded blocks fit their blocks', async () => {
  for (const { number, hash, transactions, traces } of recordedTraces().slice(0, 4)) {
    const [template] = [serveBlock({ number })]
    const node = await startNode({ blocks: [template!] })
    nodes.push(node)
    node.faults.add(only('trace_block'))
    node.faults.add(rewriting('trace_block', () => traces))
    const recorded: Block = { ...parseBlock({ ...template!.block, hash, transactions }) }
    const found = await fetchTraces(openTestClient(node.url), recorded, recorded.transactions)
    const calls = [...found.values()].flatMap((trace) => (trace.ok ? trace.calls : []))
    expect([...found.values()].filter(({ ok }) => !ok)).toEqual([])
    expect(found.size).toBe(transactions.length)
    expect(calls.length).toBeGreaterThanOrEqual(transactions.length)
  }
})

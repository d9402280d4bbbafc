import { afterEach, beforeEach, expect, test } from 'vitest'
import { block as serveBlock, tx } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { modelBlock } from '../../../test/harness/scene.ts'
import type { Block } from '../../model/chain.ts'
import { createTraceReader } from './traceReader.ts'

const served = serveBlock({ transactions: [tx(), tx()] })
const block = modelBlock(served)
const first = ({ transactions }: Block) => transactions.slice(0, 1)
let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: [served] })
})
afterEach(() => node.close())

const asked = () => node.requests.calls
const read = async (reader: ReturnType<typeof createTraceReader>) => [...((await reader(block)) ?? []).values()]

test('nothing is asked where nobody wants a trace', async () => {
  const reader = createTraceReader(openTestClient(node.url), () => [], { rests: true })
  expect(await reader(block)).toBeUndefined()
  expect(asked()).toBe(0)
})

test('a provider that lets us wait in vain is left alone for a while, and that is said', async () => {
  const unknown = { kind: 'error', code: -32601, message: 'the method does not exist' } as const
  node.faults.add({ ...unknown, methods: ['trace_transaction', 'debug_traceBlockByHash', 'trace_block'] })
  node.faults.add({ kind: 'hang', methods: ['debug_traceTransaction'] })
  const reader = createTraceReader(openTestClient(node.url), first, { rests: true })
  expect(await read(reader)).toMatchObject([{ ok: false, lasting: false }])
  const before = asked()
  expect(await read(reader)).toMatchObject([{ ok: false, lasting: true, reason: expect.stringContaining('in vain') }])
  expect(asked()).toBe(before)
})

test('a failure that cost no time is tried again at once', async () => {
  const methods = ['debug_traceTransaction', 'trace_transaction', 'debug_traceBlockByHash', 'trace_block']
  node.faults.add({ kind: 'error', code: -32000, message: 'not yet', methods, times: 4 })
  const reader = createTraceReader(openTestClient(node.url), first, { rests: true })
  expect(await read(reader)).toMatchObject([{ ok: false, lasting: false }])
  expect(await read(reader)).toMatchObject([{ ok: true }])
})

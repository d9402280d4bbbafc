import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chain } from '../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { createFinality } from './finality.ts'

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: chain(100) })
})
afterEach(async () => {
  vi.useRealTimers()
  await node.close()
})

const finalityOf = () => createFinality(openTestClient(node.url), { depth: 10 })
const methods = ['eth_getBlockByNumber']

test('is what the provider tells, and never more than the head', async () => {
  node.chain.finalize(40)
  const finality = finalityOf()
  expect(finality.number()).toBe(0)
  await finality.refresh(100, 100)
  expect(finality.number()).toBe(40)
  const early = finalityOf()
  await early.refresh(30, 5)
  expect(early.number()).toBe(30)
})

test('is asked for once in a while only', async () => {
  const finality = finalityOf()
  for (let times = 0; times < 5; times++) await finality.refresh(100, 100)
  expect(node.requests.byMethod.eth_getBlockByNumber).toBe(1)
})

test.each([
  ['answers with an error', { kind: 'error', code: -39001, message: 'unknown block', methods }],
  ['has no such block', { kind: 'rewrite', rewrite: () => null, methods }],
] as const)('goes by the depth of what we have read ourselves where the provider %s', async (_, fault) => {
  node.faults.add(fault)
  const finality = finalityOf()
  await finality.refresh(1_000_000, 50)
  expect(finality.number()).toBe(40)
  await finality.refresh(1_000_000, 60)
  expect(finality.number()).toBe(50)
  await finality.refresh(1_000_000, 20)
  expect(finality.number()).toBe(50)
})

test('does not go by depth because a provider fails just now', async () => {
  node.faults.add({ kind: 'drop' })
  const finality = finalityOf()
  await finality.refresh(100, 100)
  expect(finality.number()).toBe(0)
})

test('goes by the tag safe where the chain does not know the tag finalized', async () => {
  const code = -32602
  const refuse = node.faults.add({ kind: 'error', code, message: 'invalid block tag', methods, times: 1 })
  const finality = finalityOf()
  await finality.refresh(100, 100)
  refuse()
  expect(finality.number()).toBe(68)
})

test('does not keep anybody waiting for news once it is known', async () => {
  node.chain.finalize(40)
  const finality = finalityOf()
  await finality.refresh(100, 100)
  node.chain.finalize(60)
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.advanceTimersByTime(20_000)
  const before = node.requests.byMethod.eth_getBlockByNumber!
  await finality.refresh(100, 100)
  expect(finality.number()).toBe(40)
  await vi.waitFor(() => expect(finality.number()).toBe(60), { timeout: 10_000 })
  expect(node.requests.byMethod.eth_getBlockByNumber).toBe(before + 1)
})

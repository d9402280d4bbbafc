import { afterEach, beforeEach, expect, test } from 'vitest'
import { chain } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { patientClient } from './patientClient.ts'

let node: TestNode
let pauses: number[]
beforeEach(async () => {
  node = await startNode({ blocks: chain(10) })
  pauses = []
})
afterEach(() => node.close())

const open = () => patientClient(openTestClient(node.url), async (ms) => void pauses.push(ms))
const ask = (client = open()) => client.request({ method: 'eth_blockNumber', params: [] }, (raw) => raw)

test('asks again after growing pauses', async () => {
  node.faults.add({ kind: 'status', status: 503, times: 3 })
  expect(await ask()).toBe('0xa')
  expect(pauses).toEqual([250, 500, 1000])
})

test('gives up at last, and does not wait again before something was answered', async () => {
  node.faults.add({ kind: 'drop', times: 6 })
  const client = open()
  await expect(ask(client)).rejects.toThrow(/cannot be reached/)
  expect(pauses).toEqual([250, 500, 1000, 2000])
  await expect(client.batch([{ method: 'eth_blockNumber', params: [] }])).rejects.toThrow(/cannot be reached/)
  expect(pauses).toHaveLength(4)
  expect(await ask(client)).toBe('0xa')
  node.faults.add({ kind: 'status', status: 503, times: 1 })
  expect(await ask(client)).toBe('0xa')
  expect(pauses).toHaveLength(5)
})

test('waits as long as a provider wants, but not for ever', async () => {
  node.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 3, times: 1, methods: ['eth_chainId'] })
  const client = patientClient(openTestClient(node.url), async (ms) => {
    pauses.push(ms)
    if (pauses.length === 2) throw new Error('enough')
  })
  await expect(ask(client)).rejects.toThrow('enough')
  expect(pauses[0]).toBe(3000)
})

test('does not ask again for what will not change', async () => {
  node.faults.add({ kind: 'error', code: -32602, message: 'invalid params', methods: ['eth_blockNumber'] })
  await expect(ask()).rejects.toThrow(/invalid params/)
  node.faults.add({ kind: 'chainId', chainId: 7 })
  await expect(ask()).rejects.toMatchObject({ fault: 'wrong chain' })
  expect(pauses).toEqual([])
})

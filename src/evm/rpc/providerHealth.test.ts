import { afterEach, beforeEach, expect, test } from 'vitest'
import { account, block, chain, tx } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import type { Read } from '../../model/read.ts'
import { fetchBlock, fetchHeader } from '../fetchBlock.ts'
import { readState } from '../readState.ts'
import type { ChainClient } from './chainClient.ts'

let node: TestNode
beforeEach(async () => {
  node = await startNode({ blocks: chain(9) })
  node.chain.extend(block({ parent: node.chain.head(), transactions: [tx({}), tx({})] }))
})
afterEach(() => node.close())

const reads: Read[] = [
  { at: 'block', kind: 'call', to: account(1), data: '0x' },
  { at: 'parent', kind: 'call', to: account(1), data: '0x' },
  { at: 'block', kind: 'balance', of: account(1) },
  { at: 'block', kind: 'storage', of: account(1), slot: `0x${'0'.repeat(64)}` },
  { at: 'block', kind: 'code', of: account(1) },
]

/** What the loop asks of a block. */
async function look(client: ChainClient): Promise<void> {
  await fetchHeader(client, 'latest')
  await fetchHeader(client, 'finalized')
  await fetchBlock(client, 10, () => true)
  await readState(client, node.chain.head(), reads)
}

const callsOf = (client: ChainClient) => client.providers()[0]!.calls

test('every call is counted by its method, as the node counts them', async () => {
  const client = openTestClient(node.url)
  await look(client)
  await look(client)
  expect(callsOf(client)).toEqual(node.requests.byMethod)
  expect(callsOf(client)).toEqual({
    eth_chainId: 1,
    eth_getBlockByNumber: 6,
    eth_getBlockReceipts: 2,
    eth_call: 4,
    eth_getBalance: 2,
    eth_getStorageAt: 2,
    eth_getCode: 2,
  })
})

test('also what is asked in another way after an error', async () => {
  node.faults.add({ kind: 'error', code: -32601, message: 'no such method', methods: ['eth_getBlockReceipts'] })
  const client = openTestClient(node.url)
  await look(client)
  await look(client)
  expect(callsOf(client)).toMatchObject({ eth_getBlockReceipts: 1, eth_getTransactionReceipt: 4 })
  expect(callsOf(client)).toEqual(node.requests.byMethod)
})

test('a new head that was told counts as well, as many providers charge for it', async () => {
  const client = openTestClient(node.wsUrl)
  const told = new Promise<void>((resolve) => client.onHead(() => resolve()))
  await look(client)
  node.chain.extend(block({ parent: node.chain.head() }))
  await told
  expect(callsOf(client).eth_subscription).toBe(1)
  client.close()
})

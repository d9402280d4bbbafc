import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { account, block, chain, event, tx } from './block.ts'
import type { RpcBlock, RpcReceipt } from './rpcTypes.ts'
import { startNode, type TestNode } from './startNode.ts'

const token = account(0x70)
const transfer = 'event Transfer(address indexed from, address indexed to, uint256 value)'
const blocks = chain(10, (place) => [
  tx({ to: token, logs: [event(transfer, token, { from: account(1), to: account(2), value: BigInt(place) })] }),
  tx({ status: 'reverted' }),
])

const nodes: TestNode[] = []
const start = async (given = blocks) => {
  const node = await startNode({ blocks: given })
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) })
async function ask<T = unknown>(node: TestNode, method: string, ...params: unknown[]): Promise<T> {
  const response = await post(node.url, { jsonrpc: '2.0', id: 7, method, params })
  const { result, error } = (await response.json()) as { result: T; error?: { code: number; message: string } }
  if (error) throw new Error(`${error.code} ${error.message}`)
  return result
}

describe('the node serves', () => {
  test('linked blocks by number, hash and tag, whole or as hashes', async () => {
    const node = await start()
    const head = await ask<RpcBlock>(node, 'eth_getBlockByNumber', 'latest', true)
    expect(head.hash).toBe(blocks[9]!.hash)
    expect(head.transactions[1]!.transactionIndex).toBe('0x1')
    const parent = await ask<RpcBlock>(node, 'eth_getBlockByHash', head.parentHash, false)
    expect(parent).toMatchObject({ number: '0x9', transactions: blocks[8]!.block.transactions.map(({ hash }) => hash) })
    expect(await ask(node, 'eth_getBlockByNumber', '0x99', false)).toBeNull()
    expect(await ask(node, 'eth_getBlockByNumber', 'finalized', false)).toMatchObject({ number: '0x1' })
    node.chain.finalize(4)
    expect(await ask(node, 'eth_getBlockByNumber', 'finalized', false)).toMatchObject({ number: '0x4' })
  })

  test('receipts by number, hash and object, and single ones by transaction', async () => {
    const node = await start()
    const { hash } = blocks[2]!
    const byHash = await ask<RpcReceipt[]>(node, 'eth_getBlockReceipts', hash)
    expect(byHash.map(({ status }) => status)).toEqual(['0x1', '0x0'])
    expect(await ask(node, 'eth_getBlockReceipts', '0x3')).toEqual(byHash)
    expect(await ask(node, 'eth_getBlockReceipts', { blockHash: hash })).toEqual(byHash)
    expect(await ask(node, 'eth_getTransactionReceipt', byHash[1]!.transactionHash)).toEqual(byHash[1])
    expect(await ask(node, 'eth_getTransactionByHash', byHash[1]!.transactionHash)).toMatchObject({ blockHash: hash })
  })

  test('logs by range, address and topics', async () => {
    const node = await start()
    const topics = [null, `0x${'1'.padStart(64, '0')}`]
    const logs = await ask<unknown[]>(node, 'eth_getLogs', { fromBlock: '0x2', toBlock: '0x4', address: token, topics })
    expect(logs).toHaveLength(3)
    expect(await ask(node, 'eth_getLogs', { fromBlock: '0x1', toBlock: '0x9', address: account(9) })).toEqual([])
    await expect(ask(node, 'eth_getLogs', { fromBlock: '0x1', toBlock: '0xffff' })).resolves.toHaveLength(10)
  })

  test('state from a function that a test sets', async () => {
    const node = await start()
    expect(await ask(node, 'eth_call', { to: token }, 'latest')).toBe('0x')
    expect(await ask(node, 'eth_getBalance', token, { blockHash: blocks[3]!.hash })).toBe('0x0')
    node.state = (method) => (method === 'eth_getBalance' ? '0x5' : undefined)
    expect(await ask(node, 'eth_getBalance', token, 'latest')).toBe('0x5')
    expect(await ask(node, 'eth_getCode', token, 'latest')).toBe('0x')
    await expect(ask(node, 'eth_getBalance', token, `0x${'9'.repeat(64)}`)).rejects.toThrow('-32000 header not found')
  })

  test('batches, and counts what it is asked', async () => {
    const node = await start()
    const batch = ['eth_chainId', 'eth_blockNumber', 'eth_foo'].map((method, id) => ({ jsonrpc: '2.0', id, method }))
    const answers = (await (await post(node.url, batch)).json()) as { result?: string; error?: { code: number } }[]
    expect(answers.map(({ result, error }) => result ?? error?.code)).toEqual(['0x1', '0xa', -32601])
    expect(node.requests).toMatchObject({ http: 1, calls: 3, batchSizes: [3], byMethod: { eth_foo: 1 } })
    node.requests.reset()
    expect(node.requests).toMatchObject({ http: 0, calls: 0, batchSizes: [], byMethod: {} })
  })
})

describe('the chain of a node', () => {
  test('is extended, lags and comes back', async () => {
    const node = await start()
    node.chain.extend(block({ parent: node.chain.head() }))
    expect(await ask(node, 'eth_blockNumber')).toBe('0xb')
    node.chain.setHead(5)
    expect(await ask(node, 'eth_blockNumber')).toBe('0x5')
    expect(await ask(node, 'eth_getBlockByNumber', '0x6', false)).toBeNull()
    expect(await ask(node, 'eth_getBlockByHash', blocks[5]!.hash, false)).toBeNull()
    node.chain.setHead(11)
    expect(await ask(node, 'eth_getBlockByNumber', '0x6', false)).toMatchObject({ hash: blocks[5]!.hash })
  })

  test('refuses a block that does not link', async () => {
    const node = await start()
    expect(() => node.chain.extend(block({ number: 11 }))).toThrow('another parent')
  })

  test('reorgs: other hashes at the same heights, the orphans known by hash until forgotten', async () => {
    const node = await start()
    const kept = tx({ to: token })
    const fork = chain(4, (place) => (place === 0 ? [kept] : []), { parent: blocks[6]!, salt: 'other side' })
    node.chain.reorg(3, fork)
    expect(await ask(node, 'eth_blockNumber')).toBe('0xb')
    expect(await ask(node, 'eth_getBlockByNumber', '0x8', false)).toMatchObject({ hash: fork[0]!.hash })
    expect(fork[0]!.hash).not.toBe(blocks[7]!.hash)
    expect(await ask(node, 'eth_getBlockByHash', blocks[7]!.hash, false)).toMatchObject({ number: '0x8' })
    expect(await ask(node, 'eth_getTransactionReceipt', blocks[7]!.receipts[0]!.transactionHash)).toBeNull()
    expect(await ask(node, 'eth_getTransactionReceipt', kept.hash)).toMatchObject({ blockHash: fork[0]!.hash })
    node.chain.forget()
    expect(await ask(node, 'eth_getBlockByHash', blocks[7]!.hash, false)).toBeNull()
  })
})

test('an asker that goes away in the middle of its request does no harm', async () => {
  const node = await start()
  const { hostname, port } = new URL(node.url)
  const client = connect(Number(port), hostname)
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"json')
  await once(client, 'connect')
  client.destroy()
  await once(client, 'close')
  expect(await ask(node, 'eth_chainId')).toBe('0x1')
})

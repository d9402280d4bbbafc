import { afterEach, describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../test/harness/corpus.ts'
import { account, chain, log, tx } from '../../test/harness/node/block.ts'
import type { AnswerFault, Fault } from '../../test/harness/node/faults.ts'
import type { RpcBlock, RpcReceipt } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { fetchBlock, fetchHeader } from './fetchBlock.ts'
import { createChainClient } from './rpc/chainClient.ts'
import { createProvider } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import { createVerifier } from './verify/createVerifier.ts'

const vault = account(0x7a)
const topic = `0x${'70'.repeat(32)}` as const
const other = `0x${'71'.repeat(32)}` as const
const blocks = chain(3, () => [
  tx({ to: vault, logs: [log({ address: vault, topics: [topic] }), log({ address: vault, topics: [other] })] }),
  tx({ to: null, status: 'reverted' }),
  tx({ value: 5n, logs: [log({ address: account(0x7b), data: '0x0102' })] }),
])
const head = blocks.at(-1)!

const nodes: TestNode[] = []
async function start(given = blocks): Promise<TestNode> {
  const node = await startNode({ blocks: given })
  nodes.push(node)
  return node
}
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
})

const fetchFrom = (...from: TestNode[]) => fetchBlock(openTestClient(...from.map(({ url }) => url)), 3, () => true)

describe('a block', () => {
  test('is read with all that became of its transactions', async () => {
    const fetched = await fetchFrom(await start())
    expect(fetched?.faults).toEqual([])
    const { transactions, receipts, ...header } = fetched!.block
    expect(header).toEqual({
      number: 3,
      hash: head.hash,
      parentHash: head.parentHash,
      timestamp: head.timestamp,
      logsBloom: head.block.logsBloom,
      receiptsRoot: head.block.receiptsRoot,
    })
    expect(transactions.map(({ index, to, value }) => ({ index, to, value }))).toEqual([
      { index: 0, to: vault, value: 0n },
      { index: 1, to: null, value: 0n },
      { index: 2, to: account(0xb0b), value: 5n },
    ])
    expect(receipts?.map(({ status, logs }) => [status, logs.length])).toEqual([
      ['success', 2],
      ['reverted', 0],
      ['success', 1],
    ])
    expect(receipts?.[2]?.logs[0]).toEqual({
      address: account(0x7b),
      topics: [],
      data: '0x0102',
      logIndex: 2,
      position: 0,
      transactionHash: transactions[2]!.hash,
      transactionIndex: 2,
    })
  })

  test('costs one request where nobody wants its receipts, or it has no transactions', async () => {
    const node = await start([...chain(2), ...chain(1, () => [], { number: 3, parent: chain(2)[1]! })])
    const client = openTestClient(node.url)
    expect((await fetchBlock(client, 1, () => false))?.block.receipts).toBeNull()
    expect((await fetchBlock(client, 2, () => true))?.block.receipts).toEqual([])
    expect(node.requests.byMethod).toEqual({ eth_chainId: 1, eth_getBlockByNumber: 2 })
  })

  test('is null where the provider does not have it yet', async () => {
    const node = await start()
    expect(await fetchBlock(openTestClient(node.url), 4, () => true)).toBeNull()
    node.faults.add({ kind: 'nullHeadBlock' })
    expect(await fetchFrom(node)).toBeNull()
    expect(await fetchHeader(openTestClient(node.url), 4)).toBeNull()
  })

  test('is refused where it is another one, or its fields are not what they are called', async () => {
    const node = await start()
    const bend = (change: object) => {
      const rewrite = (result: unknown) => ({ ...(result as object), ...change })
      node.faults.clear()
      node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
    }
    for (const change of [
      { number: '0x2' },
      { number: 3 },
      { hash: '0x12' },
      { parentHash: null },
      { timestamp: '0x3afff44180' },
      { logsBloom: '0x' },
      { transactions: ['0x12'] },
      { transactions: {} },
      { transactions: [{ ...head.block.transactions[0], value: `0x1${'0'.repeat(64)}` }] },
    ]) {
      bend(change)
      await expect(fetchFrom(node), JSON.stringify(change)).rejects.toMatchObject({ fault: 'malformed' })
    }
  })
})

describe('receipts', () => {
  const faults: AnswerFault[] = [
    { kind: 'headReceipts', as: 'null' },
    { kind: 'headReceipts', as: 'empty' },
    { kind: 'headReceipts', as: 'partial' },
    { kind: 'headReceipts', as: 'absent' },
    { kind: 'rewrite', rewrite: (result) => (result as RpcReceipt[]).toReversed() },
    { kind: 'rewrite', rewrite: (result) => (result as RpcReceipt[]).map((one) => ({ ...one, blockHash: topic })) },
    { kind: 'rewrite', rewrite: (result) => (result as RpcReceipt[]).map((one) => ({ ...one, status: 1 })) },
  ]

  test.each(faults)('that are not those of the block are taken from the next provider: %o', async (fault) => {
    const [bad, good] = [await start(), await start()]
    bad.faults.add({ ...fault, methods: ['eth_getBlockReceipts'] } as Fault)
    await expect(fetchFrom(bad)).rejects.toMatchObject({ fault: 'malformed' })
    expect(await fetchFrom(bad, good)).toMatchObject({ faults: [], block: { receipts: { length: 3 } } })
  })

  test.each(['missingTopics', 'numberData', 'fiveTopics', 'oddHex'] as const)(
    'with a log that is none (%s) are taken from the next provider, else without it and said so',
    async (as) => {
      const [bad, good] = [await start(), await start()]
      bad.faults.add({ kind: 'wrongType', as, methods: ['eth_getBlockReceipts'] })
      const alone = await fetchFrom(bad)
      expect(alone?.faults).toEqual([expect.stringMatching(/^log 0 of transaction 0x/)])
      expect(alone?.block.receipts?.flatMap(({ logs }) => logs).map(({ logIndex }) => logIndex)).toEqual([1, 2])
      expect((await fetchFrom(bad, good))?.faults).toEqual([])
    },
  )

  test('with an index that no database takes are not', async () => {
    const node = await start()
    const rewrite = (result: unknown) => {
      const receipts = structuredClone(result) as RpcReceipt[]
      receipts[0]!.logs[0]!.logIndex = '0xffffffffff'
      return receipts
    }
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockReceipts'] })
    expect((await fetchFrom(node))?.faults).toHaveLength(1)
  })

  test('from which a log was left out are taken from the next provider, else said so', async () => {
    const [bad, good] = [await start(), await start()]
    bad.faults.add({ kind: 'omitLog' })
    expect((await fetchFrom(bad))?.faults).toEqual([expect.stringContaining('the bloom of block 3 speaks of logs')])
    const fetched = await fetchFrom(bad, good)
    expect(fetched?.faults).toEqual([])
    expect(fetched?.block.receipts?.flatMap(({ logs }) => logs)).toHaveLength(3)
  })

  test('of another block than the one that was read are not taken, though another provider has them at its height', async () => {
    const [one, other] = [await start(), await start([blocks[0]!, ...chain(2, () => [tx()], { parent: blocks[0]! })])]
    one.faults.add({ kind: 'status', status: 500, methods: ['eth_getBlockReceipts'] })
    await expect(fetchFrom(one, other)).rejects.toMatchObject({ fault: 'malformed' })
  })

  test('come one by one in a batch from a provider that does not give them together, which is asked for that once', async () => {
    const node = await start()
    node.faults.add({ kind: 'error', code: -32601, message: 'no such method', methods: ['eth_getBlockReceipts'] })
    const client = openTestClient(node.url)
    const whole = await fetchFrom(await start())
    for (let round = 0; round < 3; round++) expect(await fetchBlock(client, 3, () => true)).toEqual(whole)
    expect(node.requests.byMethod).toEqual({
      eth_chainId: 1,
      eth_getBlockByNumber: 3,
      eth_getBlockReceipts: 1,
      eth_getTransactionReceipt: 9,
    })
    node.faults.add({ kind: 'rewrite', rewrite: () => null, methods: ['eth_getTransactionReceipt'], times: 1 })
    await expect(fetchBlock(client, 3, () => true)).rejects.toMatchObject({ fault: 'malformed' })
  })

  test('come one by one although the other provider, which gives them together, is down', async () => {
    const [plain, down] = [await start(), await start()]
    plain.faults.add({ kind: 'error', code: -32601, message: 'no such method', methods: ['eth_getBlockReceipts'] })
    down.faults.add({ kind: 'drop' })
    expect((await fetchFrom(plain, down))?.block.receipts).toHaveLength(3)
    expect((await fetchFrom(down, plain))?.block.receipts).toHaveLength(3)
  })
})

describe('what contradicts a hash, on a chain that had proved it', () => {
  const proved = chain(3, (place) => [tx({ to: vault, value: BigInt(place), logs: [log({ address: vault })] })], {
    signed: true,
  })
  const withOtherValue = (result: unknown) => {
    const { transactions, ...header } = result as RpcBlock
    return { ...header, transactions: transactions.map((transaction) => ({ ...transaction, value: '0x7' })) }
  }
  const withOtherData = (result: unknown) =>
    (result as RpcReceipt[]).map((receipt) => ({ ...receipt, logs: [{ ...receipt.logs[0]!, data: '0x07' }] }))
  const withoutLogs = (result: unknown) => (result as RpcReceipt[]).map((receipt) => ({ ...receipt, logs: [] }))
  const lies = [
    {
      of: 'transactions',
      method: 'eth_getBlockByNumber',
      rewrite: withOtherValue,
      fault: 'the transactions of block 3',
    },
    { of: 'receipts', method: 'eth_getBlockReceipts', rewrite: withOtherData, fault: 'the receipts of block 3' },
    { of: 'receipts', method: 'eth_getBlockReceipts', rewrite: withoutLogs, fault: 'the bloom of block 3' },
  ] as const

  async function learned() {
    const [one, other] = [await start(proved), await start(proved)]
    const client = openTestClient(one.url, other.url)
    await fetchBlock(client, 2, () => true)
    expect(client.verifier.status()).toEqual({ header: true, transactions: true, receipts: true })
    return { one, other, client }
  }

  test.each(lies)('is taken once every provider says so, as a fault: $fault', async (lie) => {
    const { one, other, client } = await learned()
    const fault: Fault = { kind: 'rewrite', rewrite: lie.rewrite, methods: [lie.method] }
    for (const node of [one, other]) node.faults.add(fault)
    const fetched = await fetchBlock(client, 3, () => true)
    expect(fetched?.faults).toEqual([expect.stringContaining(lie.fault)])
    expect(client.verifier.status()).toEqual({ header: true, transactions: true, receipts: true, [lie.of]: false })
    expect(client.providers().map(({ state, untruths }) => [state, untruths])).toEqual([
      ['distrusted', 1],
      ['distrusted', 1],
    ])

    other.faults.clear()
    expect(await fetchBlock(client, 3, () => true)).toMatchObject({
      faults: [],
      block: { transactions: [{ value: 2n }] },
    })
    expect(client.verifier.status()).toEqual({ header: true, transactions: true, receipts: true })
  })

  test.each(lies)('is not taken while one provider may still tell the truth: $fault', async (lie) => {
    const { one, other, client } = await learned()
    one.faults.add({ kind: 'rewrite', rewrite: lie.rewrite, methods: [lie.method] })
    const stop = other.faults.add({ kind: 'drop' })
    for (let round = 0; round < 3; round++) {
      await expect(fetchBlock(client, 3, () => true)).rejects.toThrow(RpcError)
    }
    stop()
    expect(await fetchBlock(client, 3, () => true)).toMatchObject({
      faults: [],
      block: { transactions: [{ value: 2n }], receipts: [{ logs: [{ data: '0x' }] }] },
    })
  })

  test('is a fault of the block also where nobody wants its receipts', async () => {
    const { one, other, client } = await learned()
    const fault: Fault = { kind: 'rewrite', rewrite: withOtherValue, methods: ['eth_getBlockByNumber'] }
    for (const node of [one, other]) node.faults.add(fault)
    expect((await fetchBlock(client, 3, () => false))?.faults).toHaveLength(1)
  })

  test('is never taken of a header: nothing of its block holds', async () => {
    const { one, other, client } = await learned()
    const rewrite = (result: unknown) => ({ ...(result as RpcBlock), timestamp: '0x7' })
    for (const node of [one, other]) node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
    await expect(fetchBlock(client, 3, () => true)).rejects.toMatchObject({ fault: 'untrue' })
    await expect(fetchHeader(client, 3)).rejects.toMatchObject({ fault: 'untrue' })
    expect(await fetchHeader(client, 'latest')).toMatchObject({ number: 3 })
  })
})

test('a head that is doubted is asked of the next provider', async () => {
  const [stale, fresh] = [await start(), await start()]
  stale.chain.setHead(1)
  const client = openTestClient(stale.url, fresh.url)
  const doubt = ({ number }: { number: number }) => (number < 3 ? new RpcError('unreachable', 'stale') : null)
  expect(await fetchHeader(client, 'latest', doubt)).toMatchObject({ number: 3 })
  expect(client.providers().map(({ state, head }) => [state, head])).toEqual([
    ['failing', 1],
    ['ok', 3],
  ])
})

test.skipIf(!hasCorpus)('the recorded blocks are read without a fault', async () => {
  const recorded = corpusReceiptBlocks()
  const { url } = await start(recorded)
  // Most headers around them are made up.
  const provider = createProvider({ url, chainId: 1, timeoutMs: 5000 })
  const client = createChainClient([provider], createVerifier({ mode: 'never' }))
  for (const { number, receipts } of recorded) {
    const fetched = await fetchBlock(client, number, () => true)
    expect(fetched?.faults).toEqual([])
    expect(fetched?.block.receipts?.map(({ logs }) => logs.length)).toEqual(receipts.map(({ logs }) => logs.length))
  }
})

import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { block, chain, tx } from '../../test/harness/node/block.ts'
import type { RpcBlock, RpcReceipt, ServedBlock } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { canaries, canariesFound, canary, monitor, startWatch, type TestWatch } from '../../test/harness/watchScene.ts'
import { alerts, findings } from '../store/schema.ts'

let database: TestDatabase
const nodes: TestNode[] = []
const watches: TestWatch[] = []
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()))
  await Promise.all(nodes.splice(0).map((node) => node.close()))
  await database.drop()
})

async function start(blocks: readonly ServedBlock[]): Promise<TestNode> {
  const node = await startNode({ blocks })
  nodes.push(node)
  return node
}

function watchOver(given: readonly TestNode[], settings: Parameters<typeof startWatch>[0]['chain'] = {}): TestWatch {
  const urls = given.map(({ url }) => url)
  const watch = startWatch({ db: database.db, urls, monitors: [monitor('canary', canaries)], chain: settings })
  watches.push(watch)
  return watch
}

const numbers = (length: number) => Array.from({ length }, (_, index) => index + 1)
const singing = (length: number) => chain(length, (place) => [tx(), canary(place + 1)])
const ofOurselves = () => database.db.select().from(findings).where(eq(findings.monitor, 'tocsin'))
const canaryAlerts = () => database.db.select().from(alerts).where(eq(alerts.monitor, 'canary'))

describe('a provider that lies', () => {
  const lies: [string, string, (result: unknown) => unknown][] = [
    ['of what a log says', 'eth_getBlockReceipts', (result) => (result as RpcReceipt[]).map(withOtherData)],
    ['of the time of a block', 'eth_getBlockByNumber', (result) => ({ ...(result as RpcBlock), timestamp: '0x1' })],
    ['of a log that it keeps back', 'eth_getBlockReceipts', (result) => (result as RpcReceipt[]).map(withoutLogs)],
  ]
  test.each(lies)('%s is passed over, shown as not believed, and told of', async (_, method, rewrite) => {
    const blocks = singing(12)
    const [liar, honest] = [await start(blocks), await start(blocks)]
    liar.chain.setHead(6)
    honest.chain.setHead(6)
    const watch = watchOver([liar, honest])
    await watch.reach(blocks[5]!)
    liar.faults.add({ kind: 'rewrite', rewrite, methods: [method] })
    liar.chain.setHead(12)
    honest.chain.setHead(12)
    await watch.reach(blocks[11]!)
    expect(await canariesFound(database.db)).toEqual(numbers(12))
    const told = await database.db.select().from(findings).where(eq(findings.monitor, 'canary'))
    expect(new Set(told.map(({ facts }) => facts.amount ?? facts.sum)).has('0')).toBe(false)
    expect(watch.providers().map(({ state }) => state)).toEqual(['distrusted', 'ok'])
    const [self] = await ofOurselves()
    expect(self).toMatchObject({ severity: 'medium', title: expect.stringContaining('told what cannot be true') })
  })
})

test('a fork after which no provider gives what the roots of its headers prove is watched, and told of', async () => {
  const blocks = chain(12, (place) => [tx(), canary(place + 1)], { signed: true })
  const both = [await start(blocks), await start(blocks)]
  for (const node of both) node.chain.setHead(6)
  const watch = watchOver(both, { blindAfterMs: 100 })
  await watch.reach(blocks[5]!)
  expect(watch.verified()).toEqual({ header: true, transactions: true, receipts: true })
  const reencoded = (result: unknown) => {
    const { transactions, ...header } = result as RpcBlock
    return { ...header, transactions: transactions.map((transaction) => ({ ...transaction, nonce: '0x7777' })) }
  }
  for (const node of both) {
    node.faults.add({ kind: 'rewrite', rewrite: reencoded, methods: ['eth_getBlockByNumber'] })
    node.chain.setHead(12)
  }
  await watch.reach(blocks[11]!)
  const found = await canariesFound(database.db)
  expect(found.filter((number) => number > 0)).toEqual(numbers(12))
  expect(watch.verified()).toEqual({ header: true, transactions: false, receipts: true })
  const told = (await ofOurselves()).filter(({ severity }) => severity === 'high').map(({ title }) => title)
  expect(told).toContain(
    'No provider gives block 7 of testnet without a fault: ' +
      'the transactions of block 7 do not give the root in its header',
  )
})

describe('a quorum', () => {
  test('keeps an alert provisional until enough providers have given its block', async () => {
    const blocks = chain(8, (place) => (place < 3 ? [] : [tx(), canary(place + 1)]))
    const [one, other] = [await start(blocks), await start(blocks)]
    other.chain.setHead(1)
    const watch = watchOver([one, other], { quorum: 2 })
    await watch.reach(blocks[7]!)
    one.chain.extend(block({ parent: blocks[7]! }))
    await watch.reach(one.chain.head())
    expect((await canaryAlerts()).map(({ stage }) => stage)).toEqual(['provisional'])
    other.chain.setHead(8)
    other.chain.extend(one.chain.head())
    const isConfirmed = async () => (await canaryAlerts()).every(({ stage }) => stage === 'confirmed')
    for (let more = 0; !(await isConfirmed()) && more < 500; more++) {
      const next = block({ parent: one.chain.head() })
      other.chain.extend(next)
      one.chain.extend(next)
      await watch.reach(one.chain.head())
    }
    expect((await canaryAlerts()).map(({ stage }) => stage)).toEqual(['confirmed'])
  })

  test('that is never reached because the providers disagree is told of, and nothing is confirmed', async () => {
    const shared = chain(3)
    const branch = (salt: string) => {
      const rest: ServedBlock[] = []
      for (let number = 4; number <= 9; number++) {
        rest.push(block({ parent: rest.at(-1) ?? shared[2]!, transactions: [tx(), canary(number)], salt }))
      }
      return [...shared, ...rest]
    }
    const [one, other] = [await start(branch('ours')), await start(branch('theirs'))]
    const watch = watchOver([one, other], { quorum: 2, blindAfterMs: 1 })
    await watch.reach(one.chain.head())
    for (let more = 0; (await ofOurselves()).length === 0 && more < 500; more++) {
      one.chain.extend(block({ parent: one.chain.head() }))
      await watch.reach(one.chain.head())
    }
    expect(await ofOurselves()).toMatchObject([{ severity: 'high', title: expect.stringContaining('disagree') }])
    expect(new Set((await canaryAlerts()).map(({ stage }) => stage))).toEqual(new Set(['provisional']))
  })
})

const withOtherData = (receipt: RpcReceipt): RpcReceipt => ({
  ...receipt,
  logs: receipt.logs.map((log) => ({ ...log, data: `0x${'0'.repeat(64)}` })),
})
const withoutLogs = (receipt: RpcReceipt): RpcReceipt => ({ ...receipt, logs: [] })

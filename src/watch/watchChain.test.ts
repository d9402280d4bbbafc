import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { block, chain, tx } from '../../test/harness/node/block.ts'
import type { ServedBlock } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import {
  canaries,
  canariesFound,
  canary,
  monitor,
  raiseVerb,
  standing,
  startWatch,
  type TestWatch,
} from '../../test/harness/watchScene.ts'
import type { Monitor } from '../model/monitor.ts'
import { alerts, findings, sightings } from '../store/schema.ts'
import type { WatchNote } from './watchedChain.ts'

// Hundreds of blocks, each committed to a real database: a limit is there for what hangs, not for a busy machine.
vi.setConfig({ testTimeout: 120_000 })

/** The canaries, and one who counts every block and every seventh. */
const monitors: Monitor[] = [
  monitor('canaries', canaries),
  monitor('clock', {
    interests: [{ kind: 'tick', everyBlocks: 1 }],
    detect: ({ block: { number } }, memory) => ({
      memory: { count: String(BigInt((memory.get('count') as string | undefined) ?? '0') + 1n), newest: number },
    }),
  }),
]

/** A chain of which every block has one canary, numbered like the block. */
const singing = (length: number, parent?: ServedBlock, salt = ''): ServedBlock[] => {
  const first = (parent?.number ?? 0) + 1
  return chain(length, (place) => [tx(), canary(first + place)], { ...(parent ? { parent } : {}), salt })
}
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

let database: TestDatabase
const nodes: TestNode[] = []
const watches: TestWatch[] = []
const databases: TestDatabase[] = []

async function start(blocks: readonly ServedBlock[], seed = 1): Promise<TestNode> {
  const node = await startNode({ blocks, seed })
  nodes.push(node)
  return node
}
function watchOver(urls: string[], rest: Partial<Parameters<typeof startWatch>[0]> = {}): TestWatch {
  const watch = startWatch({ db: database.db, urls, monitors, ...rest })
  watches.push(watch)
  return watch
}
/** What a watch that never saw anything but this chain leaves in the database. */
async function freshRun(node: TestNode) {
  const other = await createTestDatabase()
  databases.push(other)
  const watch = watchOver([node.url], { db: other.db })
  await watch.reach(node.chain.head())
  await watch.stop()
  return standing(other.db)
}

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.clear())
afterAll(() => database.drop())
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()))
  await Promise.all([...nodes.splice(0).map((node) => node.close()), ...databases.splice(0).map(({ drop }) => drop())])
})

const reorgs = (notes: readonly WatchNote[]) => notes.filter(({ kind }) => kind === 'reorg')
const troubles = (notes: readonly WatchNote[]) => notes.filter(({ kind }) => kind === 'trouble')

describe('the watch', () => {
  test('judges each block once, also those that came while it was away', async () => {
    const blocks = singing(520)
    const node = await start(blocks)
    node.chain.setHead(10)
    const first = watchOver([node.url])
    await first.reach(blocks[9]!)
    node.chain.setHead(20)
    await first.reach(blocks[19]!)
    await first.stop()
    node.chain.setHead(520)
    const second = watchOver([node.url])
    await second.reach(blocks[519]!)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 520))
    expect(second.notes.filter(({ kind }) => kind === 'committed')).toHaveLength(500)
    expect(troubles([...first.notes, ...second.notes])).toEqual([])
    const { memory } = await standing(database.db)
    expect(memory.find(({ key }) => key === 'sum')?.value).toBe('520')
    expect(memory.find(({ key }) => key === 'count')?.value).toBe('520')
  })

  test('begins at the newest block where it is told so', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url], { chain: { startAt: 'latest' } })
    await watch.reach(node.chain.head())
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(await canariesFound(database.db)).toEqual([20, 21])
  })

  test('says where it stands', async () => {
    const node = await start(singing(100))
    node.chain.finalize(40)
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    expect(watch.status()).toMatchObject({ head: 100, finalized: 40, cursor: { blockNumber: 100 }, blind: null })
  })

  test('that is told of the next block asks for just that one', async () => {
    const node = await start(singing(3))
    const watch = watchOver([node.wsUrl], { chain: { pollMs: 60_000 } })
    await watch.reach(node.chain.head())
    await expect.poll(() => node.requests.byMethod.eth_subscribe).toBe(1)
    const asked = node.requests.list.length
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(node.requests.list.slice(asked).map(({ method, params }) => [method, params[0]])).toEqual([
      ['eth_getBlockByNumber', '0x4'],
      ['eth_getBlockReceipts', node.chain.head().hash],
    ])
    expect([watch.status().head, watch.providers()[0]?.head]).toEqual([4, 4])
  })

  test('forgets how to undo what is final and old, and nothing else', async () => {
    const blocks = singing(300)
    const node = await start(blocks)
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const { blocks: kept, undo } = await standing(database.db)
    expect(kept[0]?.number).toBe(288 - 128)
    expect(undo[0]?.blockNumber).toBe(288 - 128)
    expect(kept.at(-1)?.number).toBe(300)
  })
})

describe('a reorg', () => {
  test('of any depth leaves what a watch of the new chain alone would have', async () => {
    const node = await start(singing(80))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    for (const depth of [1, 2, 3, 5, 8, 16, 33, 64]) {
      const { number } = node.chain.head()
      const parent = node.chain.byNumber(number - depth)!
      node.chain.reorg(depth, singing(depth + 1, parent, `fork of ${depth}`))
      await watch.reach(node.chain.head())
    }
    expect(reorgs(watch.notes)).toHaveLength(8)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 88))
    expect(await standing(database.db)).toEqual(await freshRun(node))
    expect(troubles(watch.notes)).toEqual([])
  })

  test('moves a transaction to another block, and its finding keeps its identity', async () => {
    const base = singing(5)
    const parent = base[4]!
    const [moved, lost] = [canary(6), canary(66)]
    const node = await start([...base, block({ parent, transactions: [moved, lost] })])
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const empty = block({ parent, salt: 'other' })
    const later = block({ parent: empty, transactions: [tx(), canary(7), moved] })
    node.chain.reorg(1, [empty, later])
    await watch.reach(later)
    const seen = await database.db
      .select({ hash: findings.transactionHash, block: sightings.blockNumber, canonical: sightings.canonical })
      .from(findings)
      .innerJoin(sightings, eq(sightings.findingId, findings.id))
      .orderBy(sightings.blockNumber)
    expect(seen.filter(({ hash }) => hash === moved.hash)).toEqual([
      { hash: moved.hash, block: 6, canonical: false },
      { hash: moved.hash, block: 7, canonical: true },
    ])
    expect(seen.filter(({ hash }) => hash === lost.hash)).toEqual([{ hash: lost.hash, block: 6, canonical: false }])
    expect(await standing(database.db)).toEqual(await freshRun(node))
  })

  test('to a shorter chain is followed once the other chain shows itself', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    const parent = node.chain.byNumber(10)!
    node.chain.reorg(10, singing(3, parent, 'short'))
    await watch.reach(node.chain.head())
    expect(watch.status().cursor?.blockNumber).toBe(13)
    expect(await standing(database.db)).toEqual(await freshRun(node))
  })

  test('is followed after a restart', async () => {
    const node = await start(singing(20))
    const first = watchOver([node.url])
    await first.reach(node.chain.head())
    await first.stop()
    node.chain.reorg(7, singing(9, node.chain.byNumber(13)!, 'while away'))
    const second = watchOver([node.url])
    await second.reach(node.chain.head())
    expect(await standing(database.db)).toEqual(await freshRun(node))
  })

  test('costs few questions, however deep', async () => {
    const node = await start(singing(120))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    await watch.stop()
    node.chain.reorg(100, singing(101, node.chain.byNumber(20)!, 'deep'))
    node.requests.reset()
    const next = watchOver([node.url])
    await next.until(() => reorgs(next.notes).length === 1)
    const headers = node.requests.list.filter(
      ({ method, params: [which, whole] }) => method === 'eth_getBlockByNumber' && !whole && which !== 'latest',
    )
    expect(headers.length).toBeLessThan(20)
    await next.reach(node.chain.head())
  })

  test('that leaves no block that we know is a conflict, and nothing is forgotten', async () => {
    const node = await start(singing(20))
    const watch = watchOver([node.url])
    await watch.reach(node.chain.head())
    await watch.stop()
    const before = await standing(database.db)
    const other = await start(singing(25, undefined, 'another chain'))
    const lost = watchOver([other.url])
    await lost.until(() => troubles(lost.notes).length > 1)
    expect(lost.notes[0]).toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('None of the') },
    })
    await lost.stop()
    expect(await standing(database.db)).toEqual(before)
  })
})

describe('a provider that is behind', () => {
  test('is no reorg: nothing is taken back, nothing judged twice', async () => {
    const blocks = singing(20)
    const node = await start(blocks)
    const watch = watchOver([node.url])
    await watch.reach(blocks[19]!)
    node.faults.add({ kind: 'staleHead', by: 5 })
    node.chain.extend(...singing(3, blocks[19]!))
    await watch.reach(node.chain.head())
    node.chain.setHead(15)
    const { eth_getBlockByNumber: asked = 0 } = node.requests.byMethod
    await watch.until(() => true)
    while ((node.requests.byMethod.eth_getBlockByNumber ?? 0) < asked + 4) await new Promise(setImmediate)
    expect(watch.status().cursor?.blockNumber).toBe(23)
    node.chain.setHead(23)
    node.chain.extend(...singing(1, node.chain.head()))
    await watch.reach(node.chain.head())
    expect(reorgs(watch.notes)).toEqual([])
    expect(await canariesFound(database.db)).toEqual(numbers(1, 24))
  })

  test('and stays behind is left for another one', async () => {
    const blocks = singing(30)
    const [stuck, fresh] = [await start(blocks), await start(blocks)]
    stuck.chain.setHead(10)
    const watch = watchOver([stuck.url, fresh.url], { chain: { staleAfterMs: 50 } })
    await watch.reach(blocks[29]!)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 30))
  })

  test('and comes nearer without ever reaching us is not taken for seeing the chain', async () => {
    const blocks = singing(30)
    const node = await start(blocks)
    const watch = watchOver([node.url], { chain: { staleAfterMs: 50 } })
    await watch.reach(blocks[29]!)
    for (let answered = 0; watch.status().blind === null; await new Promise(setImmediate)) {
      const { eth_getBlockByNumber: asked = 0 } = node.requests.byMethod
      if (asked > answered) node.chain.setHead(5 + (asked % 20))
      answered = asked
    }
    expect(watch.status().blind?.reason).toContain('stands still: nothing after block 30')
  })

  test('of the first block to be watched makes us wait, and not for ever', async () => {
    const node = await start(singing(10))
    const watch = watchOver([node.url], { chain: { startAt: 1000, staleAfterMs: 50 } })
    await watch.until(() => watch.status().blind !== null)
    expect(watch.status().blind?.reason).toContain('stands still: nothing at all')
  })

  test('or tells of a head that it does not have makes us wait', async () => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'jumpHead', by: 1000 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    node.chain.extend(...singing(1, blocks[9]!))
    await watch.reach(node.chain.head())
    expect(await canariesFound(database.db)).toEqual(numbers(1, 11))
    expect(watch.status().finalized).toBeLessThan(11)
  })
})

test('a provider that contradicts itself is no reorg, and is not taken for seeing the chain', async () => {
  const node = await start(singing(10))
  const ours = node.chain.head()
  const watch = watchOver([node.url], { chain: { staleAfterMs: 50 } })
  await watch.reach(ours)
  const [foreign] = singing(1, singing(10, undefined, 'elsewhere')[9])
  // The node takes it for the next block, and answers with another parent.
  node.chain.extend({ ...foreign!, parentHash: ours.hash })
  await watch.until(() => watch.status().blind !== null)
  expect(reorgs(watch.notes)).toEqual([])
  expect(watch.status().cursor?.blockNumber).toBe(10)
})

test('a block that claims to be of the far future puts nothing off until then', async () => {
  const node = await start(singing(3))
  const now = new Date('2026-01-01T00:00:00Z')
  const watch = watchOver([node.url], { clock: () => now })
  await watch.reach(node.chain.head())
  const parent = node.chain.head()
  const late = block({ parent, timestamp: Date.UTC(9000, 0) / 1000, transactions: [tx(), canary(4)] })
  node.chain.extend(late)
  await watch.reach(late)
  const [alert] = await database.db.select().from(alerts)
  expect(alert).toMatchObject({ state: 'firing', findings: 4, lastSeenAt: now })
  expect(alert!.tellAt.getTime()).toBeLessThan(now.getTime() + 86_400_000)
})

describe('nothing is skipped', () => {
  test('while the newest block has no body yet', async () => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'nullHeadBlock', methods: ['eth_getBlockByNumber'], times: 6 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 10))
  })

  test.each(['null', 'empty', 'partial', 'absent'] as const)('while its receipts are %s', async (as) => {
    const blocks = singing(10)
    const node = await start(blocks)
    node.faults.add({ kind: 'headReceipts', as, times: 5 })
    const watch = watchOver([node.url])
    await watch.reach(blocks[9]!)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 10))
    expect(troubles(watch.notes).length).toBeGreaterThan(0)
  })

  test('while the database refuses a commit', async () => {
    const node = await start(singing(10))
    let refusals = 3
    const verb = raiseVerb()
    const watch = watchOver([node.url], {
      raise: async (tx, raised) => {
        await verb(tx, raised)
        if (raised.progress?.blockNumber === 5 && refusals-- > 0) throw new Error('deadlock detected')
      },
    })
    await watch.reach(node.chain.head())
    expect(troubles(watch.notes)).toHaveLength(3)
    expect(await standing(database.db)).toEqual(await freshRun(node))
  })

  test('by two watchers on one database: one of them commits each block', async () => {
    const node = await start(singing(100))
    const both = [watchOver([node.url]), watchOver([node.url])]
    await Promise.race(both.map((watch) => watch.reach(node.chain.head())))
    expect(await canariesFound(database.db)).toEqual(numbers(1, 100))
    const { memory } = await standing(database.db)
    expect(memory.find(({ key }) => key === 'count')?.value).toBe('100')
    await Promise.all(both.map((watch) => watch.stop()))
    expect(await standing(database.db)).toEqual(await freshRun(node))
  })

  test('through 500 blocks full of faults and reorgs, with two providers', async () => {
    const blocks = singing(500)
    const [one, other] = [await start(blocks, 11), await start(blocks, 12)]
    for (const { chain: shown, faults } of [one, other]) {
      shown.setHead(1)
      faults.add({ kind: 'status', status: 500, rate: 0.05 })
      faults.add({ kind: 'status', status: 429, rate: 0.03 })
      faults.add({ kind: 'drop', rate: 0.05 })
      faults.add({ kind: 'malformed', rate: 0.05 })
      faults.add({ kind: 'headReceipts', as: 'null', rate: 0.2 })
      faults.add({ kind: 'headReceipts', as: 'partial', rate: 0.2 })
      faults.add({ kind: 'omitLog', rate: 0.05 })
      faults.add({ kind: 'wrongType', as: 'blockNumber', rate: 0.05 })
      faults.add({ kind: 'nullHeadBlock', rate: 0.1 })
      faults.add({ kind: 'staleHead', by: 3, rate: 0.1 })
      faults.add({ kind: 'error', code: -32000, message: 'internal error', rate: 0.05 })
    }
    const watch = watchOver([one.url, other.url])
    for (let number = 10; number <= 500; number += 10) {
      one.chain.setHead(number)
      other.chain.setHead(number - (number % 20 === 0 ? 2 : 0))
      await watch.until(() => (watch.status().cursor?.blockNumber ?? 0) >= number - 2)
    }
    other.chain.setHead(500)
    await watch.reach(blocks[499]!)
    expect(await canariesFound(database.db)).toEqual(numbers(1, 500))
    expect(reorgs(watch.notes)).toEqual([])
    expect(troubles(watch.notes).length).toBeGreaterThan(20)
    for (const { faults } of [one, other]) faults.clear()
    const { memory } = await standing(database.db)
    expect(memory.find(({ key }) => key === 'sum')?.value).toBe('500')
    // Hundreds of pauses and retries: where the machine is busy that alone takes half a minute.
  })
})

test('alerts of the watch are confirmed, and retracted where a reorg took their findings for good', async () => {
  const base = singing(5)
  const node = await start([...base, block({ parent: base[4]!, transactions: [canary(1000)] })])
  node.chain.finalize(0)
  const watch = watchOver([node.url])
  await watch.reach(node.chain.head())
  node.chain.reorg(
    1,
    chain(8, () => [], { parent: base[4]!, number: 6, salt: 'without' }),
  )
  await watch.reach(node.chain.head())
  const rows = await database.db
    .select({ stage: alerts.stage, findings: alerts.findings })
    .from(alerts)
    .orderBy(alerts.blockNumber)
  expect(rows).toEqual([
    { stage: 'confirmed', findings: 5 },
    { stage: 'retracted', findings: 1 },
  ])
})

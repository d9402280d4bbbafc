import { asc } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { block, chain, tx } from '../../test/harness/node/block.ts'
import type { ServedBlock } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import {
  canaries,
  canariesFound,
  canary,
  canaryTopic,
  claimOf,
  monitor,
  startWatch,
  type TestWatch,
  vault,
} from '../../test/harness/watchScene.ts'
import type { Watch } from '../model/detector.ts'
import { findCursor } from '../store/cursors.ts'
import { alerts, findings, sightings } from '../store/schema.ts'

const gap = 200

/** Tells of every canary without remembering any. */
const herald: Watch = {
  stateless: true,
  interests: [{ kind: 'log', addresses: [vault], topics: [canaryTopic] }],
  detect: ({ logs }) => ({
    claims: logs.map((each) => claimOf(each, { group: String(BigInt(each.topics[1]!)), facts: {} })),
  }),
}

let database: TestDatabase
let node: TestNode
let watch: TestWatch
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await watch.stop()
  await node.close()
  await database.drop()
})

/** Keeps block 50 back, so that the cursor gets no further, until it is called. */
function holdCursor(): () => void {
  const rewrite = (result: unknown, [name]: readonly unknown[]) => (Number(name) === 50 ? null : result)
  return node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
}

function watchIt(): TestWatch {
  const monitors = [monitor('herald', herald), monitor('canary', canaries)]
  return startWatch({ db: database.db, urls: [node.url], monitors })
}

const until = (isSo: () => Promise<boolean>) => vi.waitUntil(isSo, { timeout: 20_000 })
const told = () => database.db.select().from(alerts).orderBy(asc(alerts.firstSeenAt))
const singing = (blocks: number, parent?: ServedBlock) =>
  chain(blocks, (place) => (place === blocks - 1 ? [tx(), canary(1000 + place)] : [tx()]), parent ? { parent } : {})

test('what happens at the head is told while the gap is still being read, and is the same finding after', async () => {
  node = await startNode({ blocks: singing(gap) })
  const release = holdCursor()
  watch = watchIt()
  await watch.until(() => watch.status().headLane === gap)
  await until(async () => (await told()).length > 0)
  expect(await told()).toMatchObject([{ monitor: 'herald', state: 'firing', stage: 'provisional', blockNumber: gap }])
  await until(async () => (await findCursor(database.db, 1, 'head'))?.blockNumber === 49)
  release()
  node.chain.extend(...chain(4, () => [], { parent: node.chain.head() }))
  await watch.reach(node.chain.head())
  const rows = await database.db.select().from(findings)
  expect(rows.map((row) => row.monitor).sort()).toEqual(['canary', 'herald'])
  expect((await told()).map(({ stage, findings }) => ({ stage, findings }))).toEqual([
    { stage: 'confirmed', findings: 1 },
    { stage: 'confirmed', findings: 1 },
  ])
  expect(watch.status().headLane).toBeNull()
})

test('what a reorg takes from the head is taken back, and what replaces it is told', async () => {
  const shared = chain(gap - 1, () => [tx()])
  const ours = block({ parent: shared.at(-1)!, transactions: [tx(), canary(1)], salt: 'ours' })
  const theirs = block({ parent: shared.at(-1)!, transactions: [tx(), canary(2)], salt: 'theirs' })
  node = await startNode({ blocks: [...shared, ours] })
  const release = holdCursor()
  watch = watchIt()
  await watch.until(() => watch.status().headLane === gap)
  await until(async () => (await told()).length > 0)
  node.chain.reorg(1, [theirs, block({ parent: theirs })])
  watch.wake()
  await until(async () => (await told()).length > 1)
  release()
  node.chain.extend(...chain(5, () => [], { parent: node.chain.head() }))
  await watch.reach(node.chain.head())
  const standing = (await database.db.select().from(sightings)).filter(({ canonical }) => canonical)
  expect(new Set(standing.map(({ blockHash }) => blockHash))).toEqual(new Set([theirs.hash]))
  expect(
    (await told())
      .filter(({ monitor }) => monitor === 'herald')
      .map(({ stage }) => stage)
      .sort(),
  ).toEqual(['confirmed', 'retracted'])
  expect((await canariesFound(database.db)).filter((number) => number > 0)).toEqual([2])
})

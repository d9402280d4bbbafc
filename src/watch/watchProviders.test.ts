import { count } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { block, chain, log, tx } from '../../test/harness/node/block.ts'
import type { ServedBlock } from '../../test/harness/node/rpcTypes.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import {
  canaries,
  canariesFound,
  canary,
  claimOf,
  monitor,
  startWatch,
  type TestWatch,
  vault,
} from '../../test/harness/watchScene.ts'
import type { Watch } from '../model/detector.ts'
import { listBlindness } from '../store/blindness.ts'
import { alerts, findings } from '../store/schema.ts'

const singing = (length: number, parent?: ServedBlock, salt = ''): ServedBlock[] => {
  const first = (parent?.number ?? 0) + 1
  return chain(length, (place) => [canary(first + place)], { ...(parent ? { parent } : {}), salt })
}
const numbers = (to: number) => Array.from({ length: to }, (_, index) => index + 1)

let database: TestDatabase
const nodes: TestNode[] = []
const watches: TestWatch[] = []
async function start(blocks: readonly ServedBlock[]): Promise<TestNode> {
  const node = await startNode({ blocks })
  nodes.push(node)
  return node
}
function watchOver(urls: string[], rest: Partial<Parameters<typeof startWatch>[0]> = {}): TestWatch {
  const watch = startWatch({ db: database.db, urls, monitors: [monitor('canaries', canaries)], ...rest })
  watches.push(watch)
  return watch
}
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()))
  await Promise.all([...nodes.splice(0).map((node) => node.close()), database.drop()])
})

describe('a provider over a WebSocket', () => {
  test('wakes the watch at a new head, long before the next poll', async () => {
    const node = await start(singing(5))
    const watch = watchOver([node.wsUrl], { chain: { pollMs: 3_600_000 } })
    await watch.reach(node.chain.head())
    for (const next of singing(5, node.chain.head())) {
      node.chain.extend(next)
      await watch.reach(next)
    }
    expect(await canariesFound(database.db)).toEqual(numbers(10))
  })

  test('that is lost again and again, or tells of no head, is polled all the same', async () => {
    const node = await start(singing(5))
    const watch = watchOver([node.wsUrl])
    await watch.reach(node.chain.head())
    node.faults.add({ kind: 'muteHeads' })
    for (const next of singing(10, node.chain.head())) {
      node.chain.extend(next)
      if (next.number % 3 === 0) node.dropSockets()
      await watch.reach(next)
    }
    expect(await canariesFound(database.db)).toEqual(numbers(15))
  })
})

test('providers that disagree about the chain are followed as a reorg when the one that is asked fails', async () => {
  const base = singing(8)
  const [one, other] = [
    await start([...base, ...singing(4, base[7]!, 'one')]),
    await start([...base, ...singing(6, base[7]!, 'other')]),
  ]
  const watch = watchOver([one.url, other.url])
  await watch.reach(one.chain.head())
  one.faults.add({ kind: 'drop' })
  await watch.reach(other.chain.head())
  expect(watch.notes.filter(({ kind }) => kind === 'reorg')).toEqual([{ kind: 'reorg', from: 12, to: 8 }])
  expect(await canariesFound(database.db)).toEqual(numbers(14))
})

const balance = { at: 'block', kind: 'balance', of: vault } as const
const stateful: Watch = {
  interests: [{ kind: 'state', reads: [balance], everyBlocks: 1 }],
  detect({ state }) {
    const answer = state(balance)
    return answer.ok ? {} : { blind: [answer.reason] }
  },
}

test('a block whose state is not there yet is judged when it is, and nobody is blind', async () => {
  const node = await start(singing(5))
  node.faults.add({ kind: 'error', code: -32000, message: 'header not found', methods: ['eth_getBalance'], times: 6 })
  const watch = watchOver([node.url], { monitors: [monitor('canaries', canaries), monitor('stateful', stateful)] })
  await watch.reach(node.chain.head())
  expect(watch.notes.filter(({ kind }) => kind === 'trouble')).toHaveLength(6)
  expect((await listBlindness(database.db)).filter(({ monitor }) => monitor !== '*')).toEqual([])
  expect(await database.db.select({ count: count() }).from(findings)).toEqual([{ count: 5 }])
})

test('a block stuffed with logs does not stop the watch', async () => {
  const logs = Array.from({ length: 1500 }, () => log({ address: vault }))
  const node = await start([block({ transactions: [tx({ logs })] })])
  const greedy = Array.from({ length: 12 }, (_, index) =>
    monitor(`greedy ${index}`, {
      interests: [{ kind: 'log', addresses: [vault] }],
      detect: ({ logs }) => ({
        claims: logs.map((each) => claimOf(each, index === 0 ? { group: `${each.position}` } : {})),
      }),
    }),
  )
  const watch = watchOver([node.url], { monitors: greedy })
  await watch.reach(node.chain.head())
  node.chain.extend(...singing(1, node.chain.head()))
  await watch.reach(node.chain.head())
  expect(watch.notes.filter(({ kind }) => kind === 'trouble')).toEqual([])
  expect(await database.db.select({ count: count() }).from(findings)).toEqual([{ count: 12 * 1000 + 12 + 12 }])
  expect(await database.db.select({ count: count() }).from(alerts)).toEqual([{ count: 1000 + 11 + 12 }])
})

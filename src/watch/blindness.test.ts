import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { block, chain, log, tx } from '../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import {
  canaries,
  canariesFound,
  canary,
  monitor,
  startWatch,
  type TestWatch,
  vault,
} from '../../test/harness/watchScene.ts'
import type { Watch } from '../model/detector.ts'
import type { Monitor } from '../model/monitor.ts'
import { listBlindness } from '../store/blindness.ts'
import { alerts, findings, messages } from '../store/schema.ts'

const blocks = chain(10, (place) => [canary(place + 1)])
const watching = [monitor('canaries', canaries)]
/** Reads the state for every log of the vault, and is blind without. */
const stateful: Watch = {
  interests: [{ kind: 'log', addresses: [vault] }],
  reads: () => [{ at: 'block', kind: 'balance', of: vault }],
  detect({ state }) {
    const answer = state({ at: 'block', kind: 'balance', of: vault })
    return answer.ok ? {} : { blind: [answer.reason] }
  },
}
/** Cannot stand logs without topics. */
const touchy: Watch = {
  interests: [{ kind: 'log', addresses: [vault] }],
  detect({ logs }) {
    for (const { topics } of logs) if (topics.length === 0) throw new Error('a log without topics')
    return {}
  },
}

let database: TestDatabase
let node: TestNode
const watches: TestWatch[] = []
/** What the watch takes for now. */
let now: Date
const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}

beforeEach(async () => {
  database = await createTestDatabase()
  node = await startNode({ blocks })
  now = new Date('2026-01-01T00:00:00Z')
})
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()))
  await Promise.all([node.close(), database.drop()])
})

function watchOver(
  monitors: readonly Monitor[] = watching,
  chain: Parameters<typeof startWatch>[0]['chain'] = {},
): TestWatch {
  const { db } = database
  const watch = startWatch({
    db,
    urls: [node.url],
    monitors,
    clock: () => now,
    chain: { blindAfterMs: 60_000, ...chain },
  })
  watches.push(watch)
  return watch
}
const shown = async () =>
  (await listBlindness(database.db)).map(({ monitor, reason, since }) => ({
    monitor,
    reason,
    since: since.toISOString(),
  }))
const told = async () => {
  const rows = await database.db.select().from(alerts).orderBy(alerts.firstSeenAt, alerts.title)
  return rows
    .filter((alert) => alert.monitor === 'tocsin')
    .map(({ title, state, severity }) => ({ title, state, severity }))
}
/** Resolves once it is so; the test's own time limit is the limit. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate)
}
const extend = (...logs: ReturnType<typeof log>[]) => {
  node.chain.extend(block({ parent: node.chain.head(), transactions: [tx({ logs })] }))
  return node.chain.head()
}

describe('a chain that cannot be seen', () => {
  test('is shown at once, told after a while, told once, and told again when it is over', async () => {
    const watch = watchOver()
    await watch.reach(blocks[9]!)
    expect(await shown()).toEqual([])
    node.faults.add({ kind: 'status', status: 503 })
    node.chain.extend(...chain(3, (place) => [canary(11 + place)], { parent: node.chain.head(), number: 11 }))
    await until(async () => (await shown()).length === 1)
    expect(await shown()).toEqual([
      { monitor: '*', reason: expect.stringContaining('HTTP status 503'), since: '2026-01-01T00:00:00.000Z' },
    ])
    expect(watch.status().blind?.since.toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(await told()).toEqual([])
    later(61)
    await until(async () => (await told()).length === 1)
    later(600)
    const { length } = watch.notes
    await watch.until(() => watch.notes.length > length + 5)
    expect(await told()).toEqual([
      {
        title: expect.stringMatching(/^testnet cannot be watched since 2026-01-01T00:00:00.000Z: 127/),
        state: 'firing',
        severity: 'critical',
      },
    ])
    expect(await database.db.select().from(findings)).toHaveLength(11)
    node.faults.clear()
    await watch.reach(node.chain.head())
    await until(async () => (await shown()).length === 0)
    expect(await told()).toMatchObject([{ state: 'resolved' }])
    const kinds = (await database.db.select().from(messages)).filter(
      ({ content }) => content.alert?.monitor === 'tocsin',
    )
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['firing', 'resolved'])
    expect(await canariesFound(database.db)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
    expect(watch.status().blind).toBeNull()
  })

  test('is told although the process is started again and again', async () => {
    node.faults.add({ kind: 'drop' })
    for (let round = 0; round < 3; round++) {
      const watch = watchOver()
      await watch.until(() => watch.notes.length > 3)
      await watch.stop()
      expect(await told()).toEqual([])
      later(25)
    }
    const watch = watchOver()
    await until(async () => (await told()).length === 1)
    await watch.stop()
    const again = watchOver()
    await again.until(() => again.notes.length > 3)
    await again.stop()
    expect(await database.db.select().from(messages)).toHaveLength(1)
    node.faults.clear()
    const well = watchOver()
    await well.reach(blocks[9]!)
    await until(async () => (await shown()).length === 0)
    expect(await told()).toMatchObject([{ state: 'resolved' }])
  })

  test('is shown with a reason that can be stored, whatever the provider said', async () => {
    node.faults.add({ kind: 'error', code: -32000, message: 'bad\u0000 \u202e', methods: ['eth_getBlockByNumber'] })
    watchOver()
    await until(async () => (await shown()).length === 1)
    expect((await shown())[0]?.reason).toContain('bad[U+0000] [U+202E]')
  })

  test('because it stands still is one too', async () => {
    const watch = watchOver(watching, { staleAfterMs: 50 })
    await watch.reach(blocks[9]!)
    await until(async () => (await shown()).length === 1)
    expect((await shown())[0]?.reason).toMatch(/^testnet stands still: nothing after block 10 for/)
    const head = extend()
    await watch.reach(head)
    await until(async () => (await shown()).length === 0)
  })

  test('because no provider gives the next block is one too', async () => {
    const rewrite = (result: unknown, [which]: readonly unknown[]) => (which === '0x6' ? null : result)
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
    const watch = watchOver(watching, { staleAfterMs: 50 })
    await until(async () => (await shown()).length === 1)
    expect((await shown())[0]?.reason).toMatch(/nothing after block 5 for/)
    node.faults.clear()
    await watch.reach(blocks[9]!)
  })
})

describe('a monitor that cannot see', () => {
  test('while the state is not answered is shown, told after a while, and told again when it sees', async () => {
    node.faults.add({ kind: 'error', code: -32000, message: 'missing trie node', methods: ['eth_getBalance'] })
    const watch = watchOver([...watching, monitor('stateful', stateful)])
    await watch.reach(blocks[9]!)
    expect(await shown()).toEqual([
      { monitor: 'stateful', reason: expect.stringContaining('missing trie node'), since: '2026-01-01T00:00:00.000Z' },
    ])
    expect(await told()).toEqual([])
    later(61)
    await watch.reach(extend(log({ address: vault })))
    await watch.reach(extend(log({ address: vault })))
    const title = expect.stringMatching(/^Monitor stateful on testnet has been blind since 2026-01-01T00:00:00.000Z: /)
    expect(await told()).toEqual([{ title, state: 'firing', severity: 'high' }])
    node.faults.clear()
    await watch.reach(extend(log({ address: vault })))
    expect(await shown()).toEqual([])
    expect(await told()).toEqual([{ title, state: 'resolved', severity: 'high' }])
    expect(await canariesFound(database.db)).toHaveLength(10)
  })

  test('one log is told of, since nobody will judge it any more', async () => {
    const watch = watchOver([...watching, monitor('touchy', touchy)])
    await watch.reach(extend(log({ address: vault })))
    expect(await shown()).toMatchObject([{ monitor: 'touchy', reason: 'The detector failed: a log without topics' }])
    await watch.reach(extend())
    expect(await shown()).toEqual([])
    expect(await told()).toEqual([
      {
        title: 'Monitor touchy on testnet could not judge block 11: The detector failed: a log without topics',
        state: 'firing',
        severity: 'high',
      },
    ])
  })

  test('one log of a monitor that pages nobody pages nobody either', async () => {
    const watch = watchOver([...watching, { ...monitor('touchy', touchy), severity: 'medium' }])
    await watch.reach(extend(log({ address: vault })))
    await watch.reach(extend())
    expect((await told()).map(({ severity }) => severity)).toEqual(['medium'])
  })

  test('is told of although the process was restarted meanwhile', async () => {
    const monitors = [monitor('touchy', touchy)]
    const first = watchOver(monitors)
    const blind = extend(log({ address: vault }))
    await first.reach(blind)
    await first.stop()
    later(600)
    const second = watchOver(monitors)
    await second.reach(extend())
    expect(await told()).toMatchObject([{ title: expect.stringContaining('could not judge block 11') }])
  })

  test('what is asked of it only now and then is blind until it was asked again', async () => {
    let isBroken = true
    const slow: Watch = {
      interests: [{ kind: 'tick', everyBlocks: 4 }],
      detect: () => (isBroken ? { blind: ['broken'] } : {}),
    }
    const watch = watchOver([monitor('slow', slow)])
    await watch.reach(blocks[9]!)
    isBroken = false
    await watch.reach(extend())
    expect(await shown()).toMatchObject([{ monitor: 'slow' }])
    await watch.reach(extend())
    expect(await shown()).toEqual([])
    expect(await told()).toMatchObject([{ title: expect.stringContaining('could not judge 2 blocks from block 4 on') }])
  })
})

describe('data that nobody gives whole', () => {
  test('is waited for, then done without and told', async () => {
    const { hash } = blocks[4]!
    const rewrite = (result: unknown, [asked]: readonly unknown[]) => {
      if (asked !== hash) return result
      const receipts = structuredClone(result) as { logs: unknown[] }[]
      receipts[0]!.logs = []
      return receipts
    }
    node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockReceipts'] })
    const watch = watchOver(watching, { blindAfterMs: 100 })
    await watch.reach(blocks[9]!)
    expect(watch.notes.some(({ kind }) => kind === 'trouble')).toBe(true)
    expect(await canariesFound(database.db).then((found) => found.filter((number) => number > 0))).toEqual([
      1, 2, 3, 4, 6, 7, 8, 9, 10,
    ])
    const titles = (await told()).map(({ title }) => title)
    expect(titles).toContainEqual(
      expect.stringMatching(/^No provider gives block 5 of testnet without a fault: the bloom of block 5/),
    )
  })
})

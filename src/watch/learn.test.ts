import { asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { chain } from '../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../test/harness/node/startNode.ts'
import { openTestClient } from '../../test/harness/openTestClient.ts'
import { canaries, canariesFound, canary, monitor, startWatch, vault } from '../../test/harness/watchScene.ts'
import type { Json } from '../model/finding.ts'
import { findings, memory } from '../store/schema.ts'
import { learn } from './learn.ts'

const canaryMonitor = monitor('canaries', { ...canaries, learns: true })
/** Says once that a block is odd, by its number as the state of the chain, and that it is over at the next tenth. */
const odd = monitor('odd', {
  learns: true,
  interests: [{ kind: 'tick', everyBlocks: 1 }],
  detect: ({ block: { number } }, remembered) => {
    if (number % 10 === 0) return { cleared: ['odd'], memory: { told: null } }
    if (remembered.get('told') !== undefined || number % 2 === 0) return {}
    const claim = { key: `odd ${number}`, subject: String(number), group: 'odd', address: vault }
    return { claims: [{ ...claim, title: 'Odd', facts: {}, evidence: 'hard' as const }], memory: { told: number } }
  },
})
const singing = (length: number) => chain(length, (place) => [canary(1 + place)])

const sing = (number: number) =>
  node.chain.extend(...chain(1, () => [canary(number)], { parent: node.chain.head(), number }))

let database: TestDatabase
let node: TestNode
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.clear())
afterEach(() => node.close())
afterAll(() => database.drop())

async function watchTo(number: number, settings: Partial<Parameters<typeof startWatch>[0]>) {
  const watch = startWatch({ db: database.db, urls: [node.url], monitors: [canaryMonitor], ...settings })
  await watch.until(() => watch.status().cursor?.blockNumber === number)
  await watch.stop()
  return watch.notes.flatMap((note) => (note.kind === 'learnt' ? [note] : []))
}

async function remembered(monitorName: string): Promise<Record<string, Json>> {
  const rows = await database.db.select().from(memory).where(eq(memory.monitor, monitorName)).orderBy(asc(memory.key))
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

const newestFirst = { startAt: 'latest' as const, lookBack: 50 }

test('a new monitor knows what was before its first block, and tells nothing of it', async () => {
  node = await startNode({ blocks: singing(60) })
  const notes = await watchTo(60, { chain: newestFirst })
  expect(notes.map(({ monitors, lesson }) => ({ monitors, range: lesson.range, past: lesson.past }))).toEqual([
    { monitors: ['canaries'], range: { from: 10, to: 59 }, past: 50 },
  ])
  expect(await canariesFound(database.db)).toEqual([60])
  expect(await remembered('canaries')).toMatchObject({ sum: '51', last: ['56', '57', '58', '59', '60'] })
})

test('who has learnt does not learn again, and who is new learns without disturbing the others', async () => {
  node = await startNode({ blocks: singing(60) })
  await watchTo(60, { chain: newestFirst })
  const late = monitor('late', { ...canaries, learns: true })
  sing(61)
  expect(await watchTo(61, { chain: newestFirst })).toEqual([])
  sing(62)
  const notes = await watchTo(62, { chain: newestFirst, monitors: [canaryMonitor, late] })
  expect(notes.map(({ monitors, lesson }) => [monitors, lesson.range])).toEqual([[['late'], { from: 12, to: 61 }]])
  expect((await remembered('canaries')).sum).toBe('53')
  expect((await remembered('late')).last).toEqual(['58', '59', '60', '61', '62'])
  expect(await canariesFound(database.db)).toEqual([60, 61, 62, 62])
})

test('of the state only what still stands at the end is told, and once', async () => {
  node = await startNode({ blocks: singing(35) })
  await watchTo(35, { chain: newestFirst, monitors: [odd] })
  const told = await database.db.select({ title: findings.title, id: findings.id }).from(findings)
  expect(told).toHaveLength(1)
  const lesson = await learn(
    { client: openTestClient(node.url), monitors: [odd], ahead: 4 },
    { first: 35, lookBack: 50 },
  )
  expect(lesson.standing.map(({ sighting, finding }) => [sighting.blockNumber, finding.id])).toEqual([
    [31, told[0]!.id],
  ])
  const over = await learn({ client: openTestClient(node.url), monitors: [odd], ahead: 4 }, { first: 31, lookBack: 50 })
  expect(over.standing).toEqual([])
})

test('of what also remembers what goes on, only what is usual is kept, and nothing stands', async () => {
  node = await startNode({ blocks: singing(35) })
  const drain = monitor('drain', {
    interests: [{ kind: 'tick', everyBlocks: 1 }],
    learns: (key, row) => (key === 'usual' ? row : null),
    detect: ({ block: { number } }, remembered) => {
      const isOpen = remembered.get('open') !== undefined
      const claim = { key: `${number}`, subject: 'a drain', address: vault, title: `since ${number}`, facts: {} }
      return {
        claims: isOpen ? [] : [{ ...claim, evidence: 'hard' }],
        memory: { usual: number, open: number },
      }
    },
  })
  const source = { client: openTestClient(node.url), monitors: [drain], ahead: 4 }
  const { memory: learnt, changes, standing } = await learn(source, { first: 31, lookBack: 50 })
  expect(standing).toEqual([])
  expect(changes.map(({ key, after }) => [key, after])).toEqual([['usual', 30]])
  expect([learnt.of('drain').get('usual'), learnt.of('drain').get('open')]).toEqual([30, undefined])
})

test('that nothing could be learnt is said, and the watch goes on', async () => {
  node = await startNode({ blocks: singing(12) })
  const rewrite = (result: unknown, [number]: readonly unknown[]) => (number === '0x1' ? null : result)
  node.faults.add({ kind: 'rewrite', rewrite, methods: ['eth_getBlockByNumber'] })
  const notes = await watchTo(12, { chain: newestFirst })
  expect(notes.map(({ lesson }) => [lesson.range, lesson.cut])).toEqual([[null, 'No provider has block 1.']])
  expect(await canariesFound(database.db)).toEqual([12])
})

test('it ends where time is up or a block cannot be read, with what was learnt so far', async () => {
  node = await startNode({ blocks: singing(30) })
  const source = { client: openTestClient(node.url), monitors: [canaryMonitor], ahead: 4 }
  const short = await learn(source, { first: 31, lookBack: 30 }, { forMs: 0 })
  expect([short.range, short.cut]).toEqual([{ from: 1, to: 1 }, 'it took longer than 0 s'])
  expect(short.changes.find(({ key }) => key === 'sum')?.after).toBe('1')
  const beyond = await learn(source, { first: 40, lookBack: 12 })
  expect([beyond.range, beyond.cut]).toEqual([{ from: 28, to: 30 }, 'No provider has block 31.'])
  const nothing = await learn(source, { first: 1, lookBack: 12 })
  expect([nothing.range, nothing.cut, nothing.changes]).toEqual([null, null, []])
})

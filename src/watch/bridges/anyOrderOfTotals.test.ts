import { and, asc, eq } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { seededRandom } from '../../../test/harness/seededRandom.ts'
import { monitor, quietContext, raiseVerb } from '../../../test/harness/watchScene.ts'
import type { Bridge, BridgeTotal } from '../../model/bridge.ts'
import type { BlockHeader, Hex } from '../../model/chain.ts'
import { type Cursor, findCursor } from '../../store/cursors.ts'
import type { Database } from '../../store/database.ts'
import { bridgeTotals, findings, sightings } from '../../store/schema.ts'
import { commitBlock } from '../commitBlock.ts'
import { rewind } from '../rewind.ts'
import type { BridgeMonitor } from './bridgeMonitor.ts'

type SomeBlock = BlockHeader & { totals: readonly BridgeTotal[] }
const sides = { locked: 1, released: 2 } as const
type Side = keyof typeof sides

const end = (side: Side) => ({
  ...{ chain: { name: side, id: sides[side] }, contract: side, address: '0x0a' as Hex },
})
const bridge: Bridge = {
  ...{ locked: end('locked'), released: end('released'), by: { slackPpm: 0 }, feePpm: null },
  ...{ graceSeconds: 15, lateSeconds: 60, rememberSeconds: 1e9 },
}
const watched = (side: Side): BridgeMonitor => {
  const watch = { interests: [], detect: () => ({}), bridge }
  return { ...monitor('bridge', watch, { severity: 'critical', chainId: sides[side] }), watch }
}
const chains = new Map(
  Object.entries(sides).map(([name, id]) => [id, { name, explorer: null, confirmations: 0 }] as const),
)
const raise = raiseVerb({ ...quietContext, chains })
/** Soon after the last block: nothing is old enough to be forgotten. */
const now = new Date(1_700_001_000_000)

const databases: TestDatabase[] = []
afterEach(async () => {
  await Promise.all(databases.splice(0).map(({ drop }) => drop()))
})

/** Blocks on top of others, ten seconds apart, in some of which what lies on the side changes as chance will have it. */
function grow(side: Side, base: readonly SomeBlock[], count: number, random: () => number, salt: string): SomeBlock[] {
  const blocks = [...base]
  for (let place = 0; place < count; place++) {
    const number = blocks.length + 1
    const hash: Hex = `0x${side}${number}${salt}`
    const isNew = number === 1 || random() < 0.5
    const most = side === 'locked' ? 100 + Math.floor(random() * 20) : 90 + Math.floor(random() * 40)
    const totals = isNew ? [{ side, amount: String(number === 1 ? 100 : most) }] : []
    const parentHash: Hex = blocks.at(-1)?.hash ?? '0x00'
    blocks.push({ number, hash, parentHash, timestamp: 1_700_000_000 + number * 10, logsBloom: '0x', totals })
  }
  return blocks
}

async function commit(db: Database, side: Side, block: SomeBlock): Promise<void> {
  const own = watched(side)
  const totals = new Map([[own, block.totals] as const])
  const nothing = { judged: [], sighted: [], cleared: [], grown: [], memory: [] }
  const judgement = { ...nothing, blind: new Map(), legs: new Map(), totals }
  await commitBlock(db, {
    ...{ chainId: sides[side], cursor: await findCursor(db, sides[side], 'head'), block, judgement, now, raise },
    ...{ sighted: [], cleared: [], bridges: [own], finalized: 0, agreed: Number.POSITIVE_INFINITY },
    ...{ mayHaveRivals: false, seeingAgain: [] },
  })
}

/** Reads both chains to their ends in an order of chance, and goes astray on forks on the way. */
async function read(ends: Record<Side, SomeBlock[]>, random: () => number, { forks }: { forks: boolean }) {
  const database = await createTestDatabase()
  databases.push(database)
  const { db } = database
  const seen: Record<Side, SomeBlock[]> = { locked: [], released: [] }
  for (let turn = 0; ; turn++) {
    const open = (['locked', 'released'] as const).filter((side) => seen[side].length < ends[side].length)
    if (open.length === 0) break
    const side = open[Math.floor(random() * open.length)]!
    const here = seen[side]
    if (forks && here.length > 2 && random() < 0.2) {
      const depth = 1 + Math.floor(random() * Math.min(5, here.length - 1))
      const stray = grow(side, here.slice(0, here.length - depth), depth + 1, random, `fork${turn}`)
      for (const chain of [stray, here]) await switchTo(db, side, chain)
    } else {
      const next = ends[side][here.length]!
      await commit(db, side, next)
      here.push(next)
    }
  }
  return standing(db)
}

async function switchTo(db: Database, side: Side, chain: readonly SomeBlock[]): Promise<void> {
  const cursor = (await findCursor(db, sides[side], 'head')) as Cursor
  const fork = await rewind(db, { cursor, headerAt: async (number) => chain[number - 1] ?? null })
  for (const block of chain.slice(fork.blockNumber)) await commit(db, side, block)
}

async function standing(db: Database) {
  const found = await db
    .select({ title: findings.title, severity: findings.severity, hash: sightings.blockHash })
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(and(eq(sightings.canonical, true)))
    .orderBy(asc(findings.title), asc(sightings.blockHash))
  const totals = await db.select().from(bridgeTotals).orderBy(asc(bridgeTotals.timestamp), asc(bridgeTotals.side))
  return { found, totals }
}

test.each([1, 2, 3])(
  'totals: in any order, with any reorgs, the same is said in the end (seed %d)',
  { timeout: 120_000 },
  async (seed) => {
    const random = seededRandom(seed)
    const ends = { locked: grow('locked', [], 30, random, ''), released: grow('released', [], 30, random, '') }
    const plain = await read(ends, () => 0, { forks: false })
    expect(plain.found.length).toBeGreaterThan(2)
    expect(new Set(plain.found.map(({ severity }) => severity))).toEqual(new Set(['critical']))
    expect(await read(ends, random, { forks: true })).toEqual(plain)
  },
)

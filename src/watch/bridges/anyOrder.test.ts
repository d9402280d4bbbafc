import { and, asc, eq } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { seededRandom } from '../../../test/harness/seededRandom.ts'
import { monitor, quietContext, raiseVerb } from '../../../test/harness/watchScene.ts'
import type { Bridge, BridgeLeg, BridgeTotal } from '../../model/bridge.ts'
import type { BlockHeader, Hex } from '../../model/chain.ts'
import { type Cursor, findCursor } from '../../store/cursors.ts'
import type { Database } from '../../store/database.ts'
import { bridgeLegs, bridgeTotals, findings, sightings } from '../../store/schema.ts'
import { commitBlock } from '../commitBlock.ts'
import { rewind } from '../rewind.ts'
import type { BridgeMonitor } from './bridgeMonitor.ts'

type SomeBlock = BlockHeader & { legs: readonly BridgeLeg[]; totals: readonly BridgeTotal[] }
type Way = keyof typeof bridges
const sides = { locked: 1, released: 2 } as const
type Side = keyof typeof sides

const end = (side: Side) => ({
  ...{ chain: { name: side, id: sides[side] }, contract: side, address: '0x0a' as Hex },
})
const ends = { locked: end('locked'), released: end('released') }
const bridges = {
  messages: { ...ends, by: 'messages', feePpm: 0, graceSeconds: 30, lateSeconds: 60, rememberSeconds: 1e9 },
  totals: { ...ends, by: { slackPpm: 0 }, feePpm: null, graceSeconds: 15, lateSeconds: 60, rememberSeconds: 1e9 },
} satisfies Record<string, Bridge>
const watched = (way: Way, side: Side): BridgeMonitor => {
  const watch = { interests: [], detect: () => ({}), bridge: bridges[way] }
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

/** What is locked or released in a block, as chance will have it. */
function legsOf(side: Side, base: readonly SomeBlock[], random: () => number): BridgeLeg[] {
  const mined = new Set(base.flatMap(({ legs }) => legs.map(({ transactionHash }) => transactionHash)))
  const legs = Array.from({ length: Math.floor(random() * 3) }, (_, position): BridgeLeg => {
    const message = `m${Math.floor(random() * 25)}`
    const amount = random() < 0.8 ? '100' : '101'
    return {
      ...{ side, message, amount, position, logIndex: position, token: null, recipient: null },
      // A transaction may come back in another block after a reorg.
      transactionHash: `0x${side}${message}${amount}${position}`,
    }
  })
  return legs.filter(({ transactionHash }) => !mined.has(transactionHash))
}

/** What lies on the side, in a block in which that changes. */
function totalsOf(side: Side, { length }: readonly SomeBlock[], random: () => number): BridgeTotal[] {
  const isChanged = length === 0 || random() < 0.5
  const amount = side === 'locked' ? 100 + Math.floor(random() * 20) : 90 + Math.floor(random() * 40)
  return isChanged ? [{ side, amount: String(length === 0 ? 100 : amount) }] : []
}

type Growth = { way: Way; side: Side; count: number; random: () => number; salt?: string }

/** Blocks on top of others, ten seconds apart. */
function grow(base: readonly SomeBlock[], { way, side, count, random, salt = '' }: Growth): SomeBlock[] {
  const blocks = [...base]
  for (let place = 0; place < count; place++) {
    const number = blocks.length + 1
    blocks.push({
      ...{ number, hash: `0x${side}${number}${salt}`, parentHash: blocks.at(-1)?.hash ?? '0x00', logsBloom: '0x' },
      timestamp: 1_700_000_000 + number * 10,
      legs: way === 'messages' ? legsOf(side, blocks, random) : [],
      totals: way === 'totals' ? totalsOf(side, blocks, random) : [],
    })
  }
  return blocks
}

async function commit(db: Database, way: Way, side: Side, block: SomeBlock): Promise<void> {
  const own = watched(way, side)
  const legs = new Map(block.legs.length > 0 ? [[own, block.legs] as const] : [])
  const totals = new Map(block.totals.length > 0 ? [[own, block.totals] as const] : [])
  const nothing = { judged: [], sighted: [], cleared: [], grown: [], memory: [] }
  const judgement = { ...nothing, blind: new Map(), totals, legs }
  await commitBlock(db, {
    ...{ chainId: sides[side], cursor: await findCursor(db, sides[side], 'head'), block, judgement, now, raise },
    ...{ sighted: [], cleared: [], bridges: [own], finalized: 0, agreed: Number.POSITIVE_INFINITY },
    ...{ mayHaveRivals: false, seeingAgain: [] },
  })
}

/** Reads both chains to their ends in an order of chance, and goes astray on forks on the way. */
async function read(way: Way, ends: Record<Side, SomeBlock[]>, random: () => number, { forks }: { forks: boolean }) {
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
      const stray = grow(here.slice(0, here.length - depth), {
        way,
        side,
        count: depth + 1,
        random,
        salt: `fork${turn}`,
      })
      for (const chain of [stray, here]) await switchTo(db, way, side, chain)
    } else {
      const next = ends[side][here.length]!
      await commit(db, way, side, next)
      here.push(next)
    }
  }
  return standing(db)
}

async function switchTo(db: Database, way: Way, side: Side, chain: readonly SomeBlock[]): Promise<void> {
  const cursor = (await findCursor(db, sides[side], 'head')) as Cursor
  const fork = await rewind(db, { cursor, headerAt: async (number) => chain[number - 1] ?? null })
  for (const block of chain.slice(fork.blockNumber)) await commit(db, way, side, block)
}

async function standing(db: Database) {
  const found = await db
    .select({ title: findings.title, severity: findings.severity, hash: sightings.blockHash })
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(and(eq(sightings.canonical, true)))
    .orderBy(asc(findings.title), asc(sightings.blockHash))
  const legs = await db
    .select()
    .from(bridgeLegs)
    .orderBy(asc(bridgeLegs.timestamp), asc(bridgeLegs.side), asc(bridgeLegs.position))
  const totals = await db.select().from(bridgeTotals).orderBy(asc(bridgeTotals.timestamp), asc(bridgeTotals.side))
  return { found, legs, totals }
}

const expected = {
  messages: { more: 10, severities: ['critical', 'medium'] },
  totals: { more: 2, severities: ['critical'] },
} satisfies Record<Way, object>

describe.each(Object.keys(expected) as Way[])('by %s, in any order, with any reorgs', (way) => {
  test.each([1, 2, 3])('the same is said in the end (seed %d)', { timeout: 120_000 }, async (seed) => {
    const random = seededRandom(seed)
    const whole = (side: Side) => grow([], { way, side, count: 30, random })
    const chainEnds = { locked: whole('locked'), released: whole('released') }
    const plain = await read(way, chainEnds, () => 0, { forks: false })
    expect(plain.found.length).toBeGreaterThan(expected[way].more)
    expect(new Set(plain.found.map(({ severity }) => severity))).toEqual(new Set(expected[way].severities))
    expect(await read(way, chainEnds, random, { forks: true })).toEqual(plain)
  })
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import type { BridgeSide } from '../model/bridge.ts'
import type { BlockHeader } from '../model/chain.ts'
import { deleteOldLegs, type LegRow, listDueLegs, rewindLegs, saveLegs, settleLegs } from './bridgeLegs.ts'
import { findReads, noteRead, rewindReads } from './bridgeReads.ts'
import { dropUnnamed } from './dropUnnamed.ts'
import { bridgeLegs, bridgeReads } from './schema.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.delete(bridgeLegs)
  await database.db.delete(bridgeReads)
})

const blockAt = (number: number): BlockHeader => ({
  ...{ number, timestamp: number * 10, hash: `0x${number}`, parentHash: `0x${number - 1}`, logsBloom: '0x' },
})

async function save(side: BridgeSide, number: number, messages: string[], monitor = 'bridge'): Promise<void> {
  const legs = messages.map((message, position) => ({
    ...{ side, message, position, logIndex: position, transactionHash: `0x${side}${number}` as const },
    ...{ token: null, amount: '1', recipient: null },
  }))
  await saveLegs(database.db, { monitor, chainId: side === 'locked' ? 1 : 2, block: blockAt(number), legs })
}
const all = () => database.db.select().from(bridgeLegs)
const settle = async (is: (leg: LegRow) => Partial<LegRow> = () => ({})) =>
  settleLegs(
    database.db,
    (await all()).map((leg) => ({ ...leg, lookAt: null, ...is(leg) })),
  )
const left = async () => (await all()).map(({ side, message }) => `${side} ${message}`).toSorted()
const due = async (readTo: Record<BridgeSide, number | null>, limit = 10) =>
  (await listDueLegs(database.db, 'bridge', readTo, limit)).map(({ side, message }) => `${side} ${message}`)
const toLookAt = async () =>
  (await all()).filter(({ lookAt }) => lookAt !== null).map(({ side, message }) => `${side} ${message}`)

test('a leg is judged when the chain of the other side was read so far, releases first', async () => {
  await save('locked', 1, ['a'])
  await save('released', 2, ['b', 'c'])
  expect(await due({ locked: null, released: null })).toEqual(['released b', 'released c', 'locked a'])
  expect(await due({ locked: null, released: null }, 1)).toEqual(['released b'])
  await settle(({ message }) => ({ lookAt: message === 'c' ? null : 100 }))
  expect(await due({ locked: 99, released: 100 })).toEqual(['locked a'])
  expect(await due({ locked: 100, released: 99 })).toEqual(['released b'])
})

test('the other half of a message is looked at again, and nothing else', async () => {
  await save('locked', 1, ['a', 'b'])
  await settle()
  await save('released', 2, ['a'])
  expect((await toLookAt()).toSorted()).toEqual(['locked a', 'released a'])
  await settle()
  await save('released', 3, ['a'])
  expect((await toLookAt()).toSorted()).toEqual(['locked a', 'released a'])
})

test('a reorg takes its legs out; their other halves and what was wrong are judged again', async () => {
  await save('locked', 1, ['a'])
  await save('locked', 2, ['b'])
  await save('released', 3, ['a', 'b', 'forged'])
  await settle(({ message }) => ({ findingId: message === 'forged' ? 'f' : null }))
  await rewindLegs(database.db, 1, 1)
  expect(await left()).toEqual(['locked a', 'released a', 'released b', 'released forged'])
  expect((await toLookAt()).toSorted()).toEqual(['released b', 'released forged'])
})

test('what both chains have told is forgotten soon, what waits or is wrong only when it is very old', async () => {
  await save('locked', 1, ['matched', 'open', 'wrong', 'young'])
  await save('released', 2, ['matched', 'wrong'])
  await save('released', 9, ['young'])
  await save('locked', 1, ['matched'], 'another bridge')
  await settle(({ message }) => ({ findingId: message === 'wrong' ? 'f' : null }))
  await deleteOldLegs(database.db, 'bridge', { matched: 50, any: 0, limit: 100 })
  const waiting = ['locked matched', 'locked open', 'locked wrong', 'locked young']
  expect(await left()).toEqual([...waiting, 'released wrong', 'released young'])
  await deleteOldLegs(database.db, 'bridge', { matched: 50, any: 11, limit: 2 })
  expect((await all()).length).toBe(4)
  await deleteOldLegs(database.db, 'bridge', { matched: 50, any: 11, limit: 2 })
  expect(await left()).toEqual(['locked matched', 'released wrong', 'released young'])
})

test('how far a chain was read begins anew where blocks were left out, and goes back with a reorg', async () => {
  const { db } = database
  const see = (number: number, agreed = Number.POSITIVE_INFINITY, now = 1000) =>
    noteRead(db, { monitor: 'bridge', chainId: 1, block: blockAt(number), agreed, now })
  const read = async () => (await findReads(db, 'bridge')).get(1)
  await see(5)
  await see(6)
  expect(await read()).toMatchObject({ since: 50, blockNumber: 6, agreedNumber: 6, agreedTo: 60 })
  await see(7, 0)
  expect(await read()).toMatchObject({ since: 50, blockNumber: 7, agreedNumber: 6, agreedTo: 60 })
  await rewindReads(db, 1, blockAt(5))
  expect(await read()).toMatchObject({ since: 50, blockNumber: 5, agreedNumber: 5, agreedTo: 50 })
  await see(9)
  expect(await read()).toMatchObject({ since: 90, blockNumber: 9 })
  await see(10, Number.POSITIVE_INFINITY, 42)
  expect(await read()).toMatchObject({ agreedNumber: 10, agreedTo: 42 })
})

test('the first blocks of a chain have nothing before them', async () => {
  await noteRead(database.db, { monitor: 'bridge', chainId: 1, block: blockAt(1), agreed: 1, now: 1000 })
  expect((await findReads(database.db, 'bridge')).get(1)).toMatchObject({ since: 0 })
})

test('a bridge that the config does not name any more is forgotten', async () => {
  await save('locked', 1, ['a'])
  await save('locked', 1, ['a'], 'gone')
  await noteRead(database.db, { monitor: 'gone', chainId: 1, block: blockAt(1), agreed: 1, now: 1000 })
  await dropUnnamed(database.db, { monitors: ['bridge'], chains: [1], channels: [] }, new Date())
  expect((await all()).map(({ monitor }) => monitor)).toEqual(['bridge'])
  expect((await findReads(database.db, 'gone')).size).toBe(0)
})

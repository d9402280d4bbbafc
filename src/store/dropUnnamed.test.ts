import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAlert, insertMessage } from '../../test/harness/consoleScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { listBlindness, noteBlindness, wholeChain } from './blindness.ts'
import { dropUnnamed } from './dropUnnamed.ts'
import { alerts, messages } from './schema.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const at = new Date(Date.UTC(2026, 7, 1))

test('what the config does not name any more ends, and the rest stays', async () => {
  const { db } = database
  await insertAlert(db, { id: 'kept', monitor: 'drain', chainId: 1, at })
  await insertAlert(db, { id: 'of a monitor that is gone', monitor: 'old', chainId: 1, at })
  await insertAlert(db, { id: 'of a chain that is gone', monitor: 'drain', chainId: 5, at })
  for (const channel of ['ops', 'gone', 'gone too'])
    await insertMessage(db, { id: channel, at, channel, state: 'waiting' })
  for (const monitor of [wholeChain, 'drain', 'old']) {
    await noteBlindness(db, { chainId: 1, reasons: new Map([[monitor, 'no answer']]), at, block: null })
  }
  await dropUnnamed(db, { monitors: ['drain', wholeChain], chains: [1], channels: ['ops'] }, at)

  const states = (await db.select().from(alerts)).map(({ id, state }) => `${id}: ${state}`)
  expect(states.toSorted()).toEqual([
    'kept: firing',
    'of a chain that is gone: resolved',
    'of a monitor that is gone: resolved',
  ])
  const sent = (await db.select().from(messages)).map(({ id, state }) => `${id}: ${state}`)
  expect(sent.toSorted()).toEqual(['gone too: dead', 'gone: dead', 'ops: waiting'])
  expect((await listBlindness(db)).map(({ monitor }) => monitor).toSorted()).toEqual([wholeChain, 'drain'])
})

test('a config without channels gives up what waits for one', async () => {
  const { db } = database
  await dropUnnamed(db, { monitors: ['drain', wholeChain], chains: [1], channels: [] }, at)
  expect((await db.select().from(messages)).map(({ state }) => state)).toEqual(['dead', 'dead', 'dead'])
})

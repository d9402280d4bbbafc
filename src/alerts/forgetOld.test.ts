import { afterEach, beforeEach, expect, test } from 'vitest'
import { alertScene, timeOf } from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { messages } from '../store/schema.ts'
import { createSilence } from './createSilence.ts'
import { forgetOld } from './forgetOld.ts'

let database: TestDatabase
let scene: ReturnType<typeof alertScene>
beforeEach(async () => {
  database = await createTestDatabase()
  scene = alertScene(database.db)
})
afterEach(() => database.drop())

const day = 86_400
const forget = (days: number) =>
  forgetOld(database.db, {
    findingsSeconds: 10 * day,
    messagesSeconds: 10 * day,
    now: new Date(timeOf(200).getTime() + days * day * 1000),
  })

test('deletes resolved alerts, findings, sightings, messages and silences that are older than they are kept', async () => {
  await createSilence(database.db, {
    match: { monitors: ['x'] },
    reason: 'test',
    createdBy: 'ana',
    endsAt: timeOf(101),
    now: timeOf(100),
  })
  await scene.pass(100, {
    finds: Array.from({ length: 2500 }, (_, index) => ({ key: `k${index}`, group: `g${index % 1200}` })),
  })
  await scene.pass(101, { finds: [{ key: 'open', monitor: 'patient' }] })
  for (const number of [200, 201, 202]) await scene.pass(number)
  await database.db.update(messages).set({ state: 'sent', createdAt: timeOf(100) })

  expect(await forget(9)).toEqual({ alerts: 0, findings: 0, messages: 0, silences: 0 })
  expect(await forget(11)).toEqual({ alerts: 1200, findings: 2500, messages: 11, silences: 1 })
  expect(await scene.alert()).toMatchObject({ state: 'firing', monitor: 'patient' })
  expect(await scene.findings()).toHaveLength(1)
  expect(await scene.sightings()).toHaveLength(1)
  expect(await scene.messages()).toHaveLength(1)
  expect(await forget(11)).toEqual({ alerts: 0, findings: 0, messages: 0, silences: 0 })
})

test('keeps messages that wait; those that were given up go like those that were sent', async () => {
  await scene.pass(100, { finds: [{ key: 'a' }] })
  await scene.pass(101, { clears: [{ key: 'a' }] })
  await database.db.update(messages).set({ createdAt: timeOf(100) })
  const now = new Date(timeOf(100).getTime() + 99 * day * 1000)
  const forgetMessages = () => forgetOld(database.db, { findingsSeconds: 1000 * day, messagesSeconds: 1, now })
  expect(await forgetMessages()).toMatchObject({ messages: 0 })
  await database.db.update(messages).set({ state: 'dead' })
  expect(await forgetMessages()).toMatchObject({ messages: 2, alerts: 0 })
})

test('takes the messages of an alert along, so that the same finding can be told again', async () => {
  for (const _time of [1, 2]) {
    await scene.pass(100, { finds: [{ key: 'a' }] })
    await scene.pass(101, { clears: [{ key: 'a' }] })
    expect(await scene.messages()).toHaveLength(2)
    expect(await forget(9999)).toMatchObject({ alerts: 1, findings: 1 })
    expect(await scene.messages()).toEqual([])
  }
})

test('stops between two batches when it is told to', async () => {
  await scene.pass(100, { finds: [{ key: 'a' }] })
  await scene.pass(101, { clears: [{ key: 'a' }] })
  const now = new Date(timeOf(100).getTime() + 99 * day * 1000)
  const forgotten = await forgetOld(database.db, {
    findingsSeconds: 1,
    messagesSeconds: 1,
    now,
    signal: AbortSignal.abort(),
  })
  expect(forgotten).toEqual({ alerts: 0, findings: 0, messages: 0, silences: 0 })
})

import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { long, outletScene, type Reply, waitFor } from '../../test/harness/outletScene.ts'
import { sampleMessage } from '../../test/harness/sampleMessage.ts'
import { findMessage } from '../store/messages.ts'
import { messages } from '../store/schema.ts'
import { retryMessage } from './retryMessage.ts'
import { sendTestMessage } from './testMessage.ts'

const scene = outletScene()
const { outlet, work, post, put, ids, stateOf, allSent, hurry } = scene

test('delivers what waits, oldest first, those about one alert in their turn, and no other channel', async () => {
  const at = (seconds: number) => new Date(long.getTime() + seconds * 1000)
  await put(
    { id: 'late', dueAt: at(9) },
    { id: 'c', alertId: 'x', turn: 1, dueAt: at(1) },
    { id: 'z', alertId: 'x', turn: 0, dueAt: at(1) },
    { id: 'first', dueAt: at(0) },
    { id: 'other', channel: 'mail' },
    { id: 'future', dueAt: new Date(Date.now() + 3_600_000) },
  )
  const { notes } = work()
  await waitFor(() => expect(notes).toHaveLength(4))
  expect(ids()).toEqual(['first', 'z', 'c', 'late'])
  expect(notes[0]).toEqual({ channel: 'hook', messageId: 'first', attempts: 1, result: 'sent' })
  expect(await findMessage(scene.db, 'first')).toMatchObject({
    state: 'sent',
    sentAt: expect.any(Date),
    lastError: null,
  })
  expect(JSON.parse(scene.received[0]!.body)).toMatchObject({ type: 'dev.tocsin.alert.firing.v1', id: 'first' })
  expect(await stateOf('other')).toBe('waiting')
})

test('delivers the gravest first, whatever waited longer', async () => {
  const rows = (['low', 'critical', 'medium', 'critical'] as const).map((severity, index) => ({
    channel: 'hook',
    alertId: null,
    turn: 0,
    dueAt: new Date(long.getTime() + index * 1000),
    content: { ...sampleMessage, id: `${severity} ${index}`, severity },
  }))
  await post(rows)
  work()
  await allSent()
  expect(ids()).toEqual(['critical 1', 'critical 3', 'medium 2', 'low 0'])
})

test('tries again what was not taken, with growing pauses and the same id, and keeps what is behind it back', async () => {
  scene.reply = (id, count) => ({ status: id === 'a' && count < 3 ? 503 : 200 })
  await put({ id: 'a', alertId: 'x', turn: 0 }, { id: 'b', alertId: 'x', turn: 1 }, { id: 'c', alertId: 'y', turn: 1 })
  const { notes, sleeper } = work()
  await waitFor(() => expect(ids()).toEqual(['a', 'c']))
  const { dueAt, lastError, attempts } = (await findMessage(scene.db, 'a'))!
  expect({ lastError, attempts }).toEqual({ lastError: expect.stringContaining('503'), attempts: 1 })
  expect(dueAt.getTime()).toBeGreaterThan(Date.now() - 1000)
  await hurry()
  sleeper.wake()
  await waitFor(() => expect(notes.filter(({ result }) => result === 'put off')).toHaveLength(2))
  const second = (await findMessage(scene.db, 'a'))!
  expect(second.dueAt.getTime() - Date.now()).toBeGreaterThan(1000)
  await hurry()
  sleeper.wake()
  await allSent()
  expect(ids()).toEqual(['a', 'c', 'a', 'a', 'b'])
  expect(await findMessage(scene.db, 'a')).toMatchObject({ attempts: 3, lastError: null })
})

test('waits as long as the other side asks, and the channel rests', async () => {
  scene.reply = (_id, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '600' } } : { status: 200 })
  await put({ id: 'a' }, { id: 'b' })
  const { notes } = work()
  await waitFor(() => expect(notes).toHaveLength(1))
  const { dueAt } = (await findMessage(scene.db, 'a'))!
  expect(dueAt.getTime() - Date.now()).toBeGreaterThan(590_000)
  expect(await findMessage(scene.db, 'b')).toMatchObject({ attempts: 0 })
  expect(ids()).toEqual(['a'])
})

test('gives up what is refused, goes on with the next, and tries again when somebody says so', async () => {
  scene.reply = (id, count) => ({ status: id === 'a' && count === 1 ? 410 : 200 })
  await put({ id: 'a', alertId: 'x', turn: 0 }, { id: 'b', alertId: 'x', turn: 1 })
  const { notes, sleeper } = work()
  await waitFor(() => expect(notes).toHaveLength(2))
  expect(notes[0]).toMatchObject({ messageId: 'a', result: 'dead', attempts: 1, error: expect.stringContaining('410') })
  expect(await findMessage(scene.db, 'a')).toMatchObject({ state: 'dead', lastError: notes[0]!.error })
  expect(await stateOf('b')).toBe('sent')

  await retryMessage(scene.db, { id: 'a', now: new Date() })
  sleeper.wake()
  await allSent()
  expect(ids()).toEqual(['a', 'b', 'a'])
  await expect(retryMessage(scene.db, { id: 'a', now: new Date() })).rejects.toMatchObject({
    code: 'conflict',
    message: 'Message a was not given up: it is sent.',
  })
  await expect(retryMessage(scene.db, { id: 'none', now: new Date() })).rejects.toMatchObject({ code: 'not_found' })
})

test('gives up after the last attempt, about a day later, and says why', async () => {
  scene.reply = () => ({ status: 500 })
  await put({ id: 'a' })
  await scene.db.update(messages).set({ attempts: 59 })
  const { notes } = work()
  await waitFor(() => expect(notes).toMatchObject([{ result: 'dead', attempts: 60 }]))
})

test('takes a bug in a channel for a failure that may pass, and shows nothing of it that may be secret', async () => {
  await put({ id: 'a' })
  const { notes } = work({ send: () => Promise.reject(new TypeError('hunter2')) })
  await waitFor(() =>
    expect(notes).toMatchObject([{ result: 'put off', error: 'The channel failed unexpectedly (TypeError).' }]),
  )
})

test('delivers what was put off by a clock that ran years ahead', async () => {
  await put({ id: 'a', dueAt: new Date(Date.now() + 365 * 86_400_000) })
  work()
  await allSent()
  expect(ids()).toEqual(['a'])
})

test('ends the send under way when it is told to stop, and marks it', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<Reply>()
  scene.reply = () => {
    asked.resolve()
    return answer.promise
  }
  await put({ id: 'a' }, { id: 'b' })
  const { stop, done, notes } = work()
  await asked.promise
  stop.abort()
  answer.resolve({ status: 200 })
  await done
  expect(notes).toMatchObject([{ result: 'sent' }])
  expect(ids()).toHaveLength(1)
  expect([await stateOf('a'), await stateOf('b')].toSorted()).toEqual(['sent', 'waiting'])
})

test('goes on when the database comes back, and does not send again what it had sent', async () => {
  await put({ id: 'a' })
  const name = new URL(scene.url).pathname.slice(1)
  const cut = async (allow: boolean) => {
    const admin = new Pool({ connectionString: scene.url.replace(`/${name}`, '/postgres'), max: 1 })
    await admin.query(`alter database ${name} allow_connections ${allow}`)
    if (!allow) await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    await admin.end()
  }
  let first = true
  scene.reply = async () => {
    if (first) await cut(false)
    first = false
    return { status: 200 }
  }
  const { troubles, sleeper, notes } = work()
  await waitFor(() => expect(troubles.length).toBeGreaterThan(0))
  await cut(true)
  await waitFor(async () => void (await hurry()))
  sleeper.wake()
  await allSent()
  await waitFor(() => expect(notes).toMatchObject([{ result: 'sent' }]))
  expect(ids()).toEqual(['a'])
})

test('a test message goes past the outbox and says that nothing is wrong', async () => {
  await sendTestMessage(outlet(), { protocol: 'Acme Vaults', at: new Date(0) })
  expect(JSON.parse(scene.received[0]!.body)).toMatchObject({
    type: 'dev.tocsin.alert.test.v1',
    time: '1970-01-01T00:00:00.000Z',
    data: { title: 'Test: Acme Vaults can reach you here', severity: 'info' },
  })
  scene.reply = () => ({ status: 404 })
  await expect(sendTestMessage(outlet(), { protocol: 'Acme', at: new Date() })).rejects.toMatchObject({
    name: 'DeliveryError',
  })
  expect(await scene.db.select().from(messages)).toEqual([])
})

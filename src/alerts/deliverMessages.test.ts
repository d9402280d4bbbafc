import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Pool } from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { sampleMessage } from '../../test/harness/sampleMessage.ts'
import { webhook } from '../channels/webhook.ts'
import { createSleeper } from '../lib/createSleeper.ts'
import { KnownError } from '../model/error.ts'
import { Secret } from '../model/secret.ts'
import { findMessage, type NewMessage, takeDueMessage } from '../store/messages.ts'
import { saveNews } from '../store/saveNews.ts'
import { messages } from '../store/schema.ts'
import { type DeliveryNote, deliverMessages, type Outlet } from './deliverMessages.ts'
import { retryMessage } from './retryMessage.ts'
import { sendTestMessage } from './testMessage.ts'

type Reply = { status: number; headers?: Record<string, string> }

let database: TestDatabase
let server: Server
let url: string
let received: { id: string; body: string }[]
let reply: (id: string, count: number) => Reply | Promise<Reply>
const running: { stop: AbortController; done: Promise<void> }[] = []

beforeEach(async () => {
  database = await createTestDatabase()
  received = []
  reply = () => ({ status: 200 })
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const id = String(request.headers['webhook-id'])
    received.push({ id, body: await text(request) })
    const { status, headers } = await reply(id, received.filter((other) => other.id === id).length)
    response.writeHead(status, headers).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  for (const { stop } of running) stop.abort()
  await Promise.all(running.splice(0).map(({ done }) => done))
  server.closeAllConnections()
  server.close()
  await database.drop()
})

function outlet(perMinute = 6000): Outlet {
  const options = webhook.options.parse({
    url: new Secret(url, 'env:URL'),
    signingSecret: new Secret('x'.repeat(24), 'env:KEY'),
    allowPrivateAddress: true,
  })
  return { name: 'hook', perMinute, send: (message, signal) => webhook.send({ message, options, signal }) }
}

function work(given: Partial<Outlet> = {}, db = database.db) {
  const stop = new AbortController()
  const sleeper = createSleeper()
  const notes: DeliveryNote[] = []
  const troubles: unknown[] = []
  const done = deliverMessages(
    db,
    { ...outlet(), ...given },
    {
      signal: stop.signal,
      sleeper,
      onNote: (note) => void notes.push(note),
      onTrouble: (error) => void troubles.push(error),
    },
  )
  running.push({ stop, done })
  return { stop, done, sleeper, notes, troubles }
}

const post = (messages: NewMessage[]) => saveNews(database.db, { alerts: [], messages, changes: [] })
const long = new Date(Date.now() - 60_000)
const put = (...rows: { id: string; alertId?: string | null; turn?: number; dueAt?: Date; channel?: string }[]) =>
  post(
    rows.map(({ id, alertId = null, turn = 0, dueAt = long, channel = 'hook' }) => {
      return { channel, alertId, turn, dueAt, content: { ...sampleMessage, id } }
    }),
  )
const ids = () => received.map(({ id }) => id)
const stateOf = async (id: string) => (await findMessage(database.db, id))!.state
const waitFor = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 10 })
const allSent = () =>
  waitFor(async () => {
    const rows = await database.db.select().from(messages)
    expect(rows.filter(({ state }) => state !== 'sent')).toEqual([])
  })
/** Lets a message that was put off be due now, as if the time had passed. */
const hurry = () => database.db.update(messages).set({ dueAt: long })

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
  expect(await findMessage(database.db, 'first')).toMatchObject({
    state: 'sent',
    sentAt: expect.any(Date),
    lastError: null,
  })
  expect(JSON.parse(received[0]!.body)).toMatchObject({ type: 'dev.tocsin.alert.firing.v1', id: 'first' })
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
  reply = (id, count) => ({ status: id === 'a' && count < 3 ? 503 : 200 })
  await put({ id: 'a', alertId: 'x', turn: 0 }, { id: 'b', alertId: 'x', turn: 1 }, { id: 'c', alertId: 'y', turn: 1 })
  const { notes, sleeper } = work()
  await waitFor(() => expect(ids()).toEqual(['a', 'c']))
  const { dueAt, lastError, attempts } = (await findMessage(database.db, 'a'))!
  expect({ lastError, attempts }).toEqual({ lastError: expect.stringContaining('503'), attempts: 1 })
  expect(dueAt.getTime()).toBeGreaterThan(Date.now() - 1000)
  await hurry()
  sleeper.wake()
  await waitFor(() => expect(notes.filter(({ result }) => result === 'put off')).toHaveLength(2))
  const second = (await findMessage(database.db, 'a'))!
  expect(second.dueAt.getTime() - Date.now()).toBeGreaterThan(1000)
  await hurry()
  sleeper.wake()
  await allSent()
  expect(ids()).toEqual(['a', 'c', 'a', 'a', 'b'])
  expect(await findMessage(database.db, 'a')).toMatchObject({ attempts: 3, lastError: null })
})

test('waits as long as the other side asks, and the channel rests', async () => {
  reply = (_id, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '600' } } : { status: 200 })
  await put({ id: 'a' }, { id: 'b' })
  const { notes } = work()
  await waitFor(() => expect(notes).toHaveLength(1))
  const { dueAt } = (await findMessage(database.db, 'a'))!
  expect(dueAt.getTime() - Date.now()).toBeGreaterThan(590_000)
  expect(await findMessage(database.db, 'b')).toMatchObject({ attempts: 0 })
  expect(ids()).toEqual(['a'])
})

test('gives up what is refused, goes on with the next, and tries again when somebody says so', async () => {
  reply = (id, count) => ({ status: id === 'a' && count === 1 ? 410 : 200 })
  await put({ id: 'a', alertId: 'x', turn: 0 }, { id: 'b', alertId: 'x', turn: 1 })
  const { notes, sleeper } = work()
  await waitFor(() => expect(notes).toHaveLength(2))
  expect(notes[0]).toMatchObject({ messageId: 'a', result: 'dead', attempts: 1, error: expect.stringContaining('410') })
  expect(await findMessage(database.db, 'a')).toMatchObject({ state: 'dead', lastError: notes[0]!.error })
  expect(await stateOf('b')).toBe('sent')

  await retryMessage(database.db, { id: 'a', now: new Date() })
  sleeper.wake()
  await allSent()
  expect(ids()).toEqual(['a', 'b', 'a'])
  await expect(retryMessage(database.db, { id: 'a', now: new Date() })).rejects.toMatchObject({
    code: 'conflict',
    message: 'Message a was not given up: it is sent.',
  })
  await expect(retryMessage(database.db, { id: 'none', now: new Date() })).rejects.toMatchObject({ code: 'not_found' })
})

test('gives up after the last attempt, about a day later, and says why', async () => {
  reply = () => ({ status: 500 })
  await put({ id: 'a' })
  await database.db.update(messages).set({ attempts: 59 })
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

test('takes over what a killed worker had taken, when its lease has ended, with the same id', async () => {
  await put({ id: 'a' })
  const leaseEndsAt = new Date(Date.now() + 1500)
  await takeDueMessage(database.db, { channel: 'hook', now: new Date(), leaseEndsAt })
  const { notes } = work()
  await waitFor(() => expect(notes).toHaveLength(1))
  expect(Date.now()).toBeGreaterThanOrEqual(leaseEndsAt.getTime())
  expect(notes).toMatchObject([{ messageId: 'a', attempts: 2, result: 'sent' }])
})

test('does not undo what another worker did after the lease had ended', async () => {
  await put({ id: 'a' })
  const refused = Promise.withResolvers<void>()
  const late = work({ send: () => refused.promise })
  await waitFor(async () => expect((await findMessage(database.db, 'a'))!.attempts).toBe(1))
  await hurry()
  const other = work()
  await waitFor(() => expect(other.notes).toHaveLength(1))
  refused.reject(new KnownError('forbidden', 'No.'))
  await waitFor(() => expect(late.notes).toHaveLength(1))
  expect(await stateOf('a')).toBe('sent')
})

test('lets two workers share one outbox: each message goes out once, and none overtakes its alert', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    id: `m${String(index).padStart(2, '0')}`,
    alertId: `x${index % 6}`,
    turn: Math.floor(index / 6),
  }))
  await put(...rows)
  const underWay = new Set<string>()
  reply = async (id) => {
    const { alertId } = rows.find((row) => row.id === id)!
    expect(underWay.has(alertId)).toBe(false)
    underWay.add(alertId)
    await new Promise(setImmediate)
    underWay.delete(alertId)
    return { status: 200 }
  }
  const workers = [work({ perMinute: 60_000 }), work({ perMinute: 60_000 })]
  await allSent()
  expect(ids().toSorted()).toEqual(rows.map(({ id }) => id))
  for (const alertId of ['x0', 'x5']) {
    const own = rows.filter((row) => row.alertId === alertId).map(({ id }) => id)
    expect(ids().filter((id) => own.includes(id))).toEqual(own)
  }
  expect(workers.every(({ notes }) => notes.every(({ result }) => result === 'sent'))).toBe(true)
})

test('ends the send under way when it is told to stop, and marks it', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<Reply>()
  reply = () => {
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
  const name = new URL(database.url).pathname.slice(1)
  const cut = async (allow: boolean) => {
    const admin = new Pool({ connectionString: database.url.replace(`/${name}`, '/postgres'), max: 1 })
    await admin.query(`alter database ${name} allow_connections ${allow}`)
    if (!allow) await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    await admin.end()
  }
  let first = true
  reply = async () => {
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
  expect(JSON.parse(received[0]!.body)).toMatchObject({
    type: 'dev.tocsin.alert.test.v1',
    time: '1970-01-01T00:00:00.000Z',
    data: { title: 'Test: Acme Vaults can reach you here', severity: 'info' },
  })
  reply = () => ({ status: 404 })
  await expect(sendTestMessage(outlet(), { protocol: 'Acme', at: new Date() })).rejects.toMatchObject({
    name: 'DeliveryError',
  })
  expect(await database.db.select().from(messages)).toEqual([])
})

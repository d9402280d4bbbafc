import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { type DeliveryNote, deliverMessages, type Outlet } from '../../src/alerts/deliverMessages.ts'
import { webhook } from '../../src/channels/webhook.ts'
import { createSleeper } from '../../src/lib/createSleeper.ts'
import { Secret } from '../../src/model/secret.ts'
import { findMessage, type NewMessage } from '../../src/store/messages.ts'
import { saveNews } from '../../src/store/saveNews.ts'
import { messages } from '../../src/store/schema.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { sampleMessage } from './sampleMessage.ts'

export type Reply = { status: number; headers?: Record<string, string> }
type Row = { id: string; alertId?: string | null; turn?: number; dueAt?: Date; channel?: string }

/** Long enough ago that what was due then is due. */
export const long = new Date(Date.now() - 60_000)
export const waitFor = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

/** An outbox in a database of its own for each test, the webhook that it is delivered to, and workers that deliver. */
export function outletScene() {
  let database: TestDatabase
  let server: Server
  const running: { stop: AbortController; done: Promise<void> }[] = []

  const scene = {
    received: [] as { id: string; body: string }[],
    reply: (() => ({ status: 200 })) as (id: string, count: number) => Reply | Promise<Reply>,
    get db() {
      return database.db
    },
    get url() {
      return database.url
    },
    outlet(perMinute = 6000): Outlet {
      return hookTo((server.address() as AddressInfo).port, perMinute)
    },
    /** A worker at its work. */
    work(given: Partial<Outlet> = {}) {
      const stop = new AbortController()
      const sleeper = createSleeper()
      const notes: DeliveryNote[] = []
      const troubles: unknown[] = []
      const onNote = (note: DeliveryNote) => void notes.push(note)
      const onTrouble = (error: unknown) => void troubles.push(error)
      const around = { signal: stop.signal, sleeper, onNote, onTrouble }
      const done = deliverMessages(database.db, { ...scene.outlet(), ...given }, around)
      running.push({ stop, done })
      return { stop, done, sleeper, notes, troubles }
    },
    post: (messages: NewMessage[]) => saveNews(database.db, { alerts: [], messages, changes: [] }),
    put: (...rows: Row[]) =>
      scene.post(
        rows.map(({ id, alertId = null, turn = 0, dueAt = long, channel = 'hook' }) => {
          return { channel, alertId, turn, dueAt, content: { ...sampleMessage, id } }
        }),
      ),
    ids: () => scene.received.map(({ id }) => id),
    stateOf: async (id: string) => (await findMessage(database.db, id))!.state,
    allSent: () =>
      waitFor(async () => {
        const rows = await database.db.select().from(messages)
        expect(rows.filter(({ state }) => state !== 'sent')).toEqual([])
      }),
    /** Lets a message that was put off be due now, as if the time had passed. */
    hurry: () => database.db.update(messages).set({ dueAt: long }),
  }

  beforeEach(async () => {
    database = await createTestDatabase()
    scene.received = []
    scene.reply = () => ({ status: 200 })
    server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
      const id = String(request.headers['webhook-id'])
      scene.received.push({ id, body: await text(request) })
      const { status, headers } = await scene.reply(id, scene.received.filter((other) => other.id === id).length)
      response.writeHead(status, headers).end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  afterEach(async () => {
    for (const { stop } of running) stop.abort()
    await Promise.all(running.splice(0).map(({ done }) => done))
    server.closeAllConnections()
    server.close()
    await database.drop()
  })
  return scene
}

function hookTo(port: number, perMinute: number): Outlet {
  const options = webhook.options.parse({
    url: new Secret(`http://127.0.0.1:${port}`, 'env:URL'),
    signingSecret: new Secret('x'.repeat(24), 'env:KEY'),
    allowPrivateAddress: true,
  })
  return { name: 'hook', perMinute, send: (message, signal) => webhook.send({ message, options, signal }) }
}

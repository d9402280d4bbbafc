import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { insertAlert, insertMessage, thief } from '../../../test/harness/consoleScene.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { noRoute } from '../../model/alert.ts'
import { notify } from '../notify.ts'
import { alerts, findings, messages, sightings } from '../schema.ts'
import { countAlerts } from './countAlerts.ts'
import { findAlert } from './findAlert.ts'
import { type AlertFilter, listAlerts } from './listAlerts.ts'
import { listDeadMessages } from './listDeadMessages.ts'
import { type Change, listenForChanges } from './listenForChanges.ts'
import { listOpenAlerts } from './listOpenAlerts.ts'

const hour = (number: number) => new Date(Date.UTC(2026, 2, 1, number))
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  for (const table of [alerts, findings, sightings, messages]) await database.db.delete(table)
})

describe('a list of alerts', () => {
  test('comes page by page, the one seen last first, and misses none that were seen at the same time', async () => {
    const { db } = database
    for (const id of ['a', 'b', 'c', 'd', 'e']) await insertAlert(db, { id, at: hour(id === 'a' ? 2 : 1) })
    const ids: string[] = []
    let after: string | undefined
    do {
      const page = await listAlerts(db, { after, limit: 2 })
      expect(page.alerts.length).toBeLessThanOrEqual(2)
      ids.push(...page.alerts.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    expect(ids).toEqual(['a', 'e', 'd', 'c', 'b'])
  })

  test('holds only what the filter asks for', async () => {
    const { db } = database
    await insertAlert(db, { id: 'firing', at: hour(1) })
    await insertAlert(db, { id: 'held', at: hour(2), state: 'acknowledged', severity: 'low' })
    await insertAlert(db, { id: 'over', at: hour(3), state: 'resolved', chainId: 10, monitor: 'price' })
    const ids = async (filter: AlertFilter) => (await listAlerts(db, { filter, limit: 9 })).alerts.map(({ id }) => id)
    expect(await ids({ state: 'open' })).toEqual(['held', 'firing'])
    expect(await ids({ state: 'resolved' })).toEqual(['over'])
    expect(await ids({ severity: 'low' })).toEqual(['held'])
    expect(await ids({ chainId: 10 })).toEqual(['over'])
    expect(await ids({ monitor: 'drain' })).toEqual(['held', 'firing'])
    expect(await ids({ since: hour(2) })).toEqual(['over', 'held'])
  })

  test('refuses a page that it did not name', async () => {
    await expect(listAlerts(database.db, { after: "'; drop", limit: 1 })).rejects.toThrow('names no page')
  })
})

describe('open alerts', () => {
  test('come in the order in which a person should look, so that a limit cuts off what matters least', async () => {
    const { db } = database
    await insertAlert(db, { id: 'shadow', at: hour(9), mutedBecause: 'shadow' })
    await insertAlert(db, { id: 'held', at: hour(8), state: 'acknowledged' })
    await insertAlert(db, { id: 'low', at: hour(7), severity: 'low', mutedBecause: noRoute })
    await insertAlert(db, { id: 'critical, early', at: hour(1) })
    await insertAlert(db, { id: 'critical, late', at: hour(2) })
    await insertAlert(db, { id: 'over', at: hour(9), state: 'resolved' })
    const open = await listOpenAlerts(db, { limit: 5 })
    expect(open.map(({ id }) => id)).toEqual(['critical, late', 'critical, early', 'low', 'held', 'shadow'])
  })

  test('are counted by what people know of them', async () => {
    const { db } = database
    await insertAlert(db, { id: 'a', at: hour(1) })
    await insertAlert(db, { id: 'b', at: hour(1), mutedBecause: noRoute })
    await insertAlert(db, { id: 'c', at: hour(1), severity: 'low' })
    await insertAlert(db, { id: 'd', at: hour(1), severity: 'low', mutedBecause: 'shadow' })
    await insertAlert(db, { id: 'e', at: hour(1), state: 'acknowledged' })
    await insertAlert(db, { id: 'f', at: hour(1), state: 'resolved' })
    for (const state of ['waiting', 'sent', 'dead'] as const) await insertMessage(db, { id: state, at: hour(1), state })
    expect(await countAlerts(db)).toEqual({
      firing: { critical: 2, low: 1 },
      acknowledged: 1,
      muted: 1,
      waitingMessages: 1,
      deadMessages: 1,
    })
  })
})

describe('one alert', () => {
  test('comes with its findings, where they were seen, and who was told', async () => {
    const { db } = database
    await insertAlert(db, { id: 'a', at: hour(1) }, { actor: thief })
    await insertAlert(db, { id: 'another', at: hour(1) })
    await db.insert(sightings).values({
      findingId: 'finding a',
      blockHash: '0xdead',
      chainId: 1,
      blockNumber: 99,
      timestamp: 5,
      canonical: false,
    })
    await insertMessage(db, { id: 'm1', at: hour(1), alertId: 'a' })
    await insertMessage(db, { id: 'm2', at: hour(2), alertId: 'a', channel: 'sms', state: 'dead', lastError: 'No.' })
    const found = await findAlert(db, 'a')
    expect(found?.findings).toMatchObject([{ id: 'finding a', facts: { actor: thief } }])
    expect(found?.findings[0]?.sightings.map(({ canonical }) => canonical)).toEqual([true, false])
    expect(found?.deliveries.map(({ channel, state }) => [channel, state])).toEqual([
      ['sms', 'dead'],
      ['ops', 'sent'],
    ])
    expect(found?.advice).toContain('Pause the vault')
  })

  test('is undefined where there is none', async () => {
    expect(await findAlert(database.db, 'nobody')).toBeUndefined()
  })
})

test('dead messages are listed, without their text', async () => {
  const { db } = database
  await insertMessage(db, { id: 'sent', at: hour(1) })
  await insertMessage(db, { id: 'dead', at: hour(1), state: 'dead', lastError: 'The channel is gone.' })
  const dead = await listDeadMessages(db, { limit: 5 })
  expect(dead).toMatchObject([{ id: 'dead', lastError: 'The channel is gone.' }])
  expect(dead[0]).not.toHaveProperty('content')
})

describe('changes', () => {
  const nextOf = (subscribe: (listener: (change: Change) => void) => () => void) =>
    new Promise<Change>((resolve) => {
      const end = subscribe((change) => {
        end()
        resolve(change)
      })
    })

  test('are heard when the writer commits, and not when it rolls back', async () => {
    const { db, url } = database
    const changes = await listenForChanges({ connectionString: url })
    const heard = nextOf(changes.subscribe)
    await db
      .transaction(async (tx) => {
        await notify(tx, { kind: 'alert', id: 'rolled back' })
        throw new Error('no')
      })
      .catch(() => {})
    await db.transaction((tx) => notify(tx, { kind: 'alert', id: 'committed' }))
    expect(await heard).toEqual({ kind: 'alert', id: 'committed' })
    await changes.close()
  })

  test('of an unknown kind mean that everything may have changed', async () => {
    const { pool, url } = database
    const changes = await listenForChanges({ connectionString: url })
    for (const payload of ['', 'not json', 'null', '{"kind":"weather"}']) {
      const heard = nextOf(changes.subscribe)
      await pool.query('select pg_notify($1, $2)', ['tocsin', payload])
      expect(await heard).toEqual({ kind: 'everything' })
    }
    await changes.close()
  })

  test('are heard again after the connection was lost', async () => {
    const { db, pool, url } = database
    const changes = await listenForChanges({ connectionString: url })
    const heard = nextOf(changes.subscribe)
    await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen tocsin'")
    expect(await heard).toEqual({ kind: 'everything' })
    const next = nextOf(changes.subscribe)
    await notify(db, { kind: 'chain' })
    expect(await next).toEqual({ kind: 'chain' })
    await changes.close()
  })
})

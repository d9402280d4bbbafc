import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleContext } from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { raise } from '../alerts/raise.ts'
import { alerts, messages } from '../store/schema.ts'
import { createDeadMessageWatch } from './createDeadMessageWatch.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('a channel that gives messages up is told of once, and is over when it takes one again', async () => {
  const { db } = database
  const context = sampleContext({ routes: [{ match: {}, notify: ['ops', 'pager'] }] })
  const watch = createDeadMessageWatch({ chainId: 1 }, { db, raise: (tx, raised) => raise(tx, context, raised) })
  const dead = { channel: 'pager', result: 'dead', error: 'PagerDuty answered 400.', attempts: 1 } as const
  const open = async () => (await db.select().from(alerts)).map(({ state, title }) => `${state}: ${title}`)
  const told = async () =>
    (await db.select().from(messages)).map(({ channel, kind }) => `${channel} ${kind}`).toSorted()

  await watch({ channel: 'pager', messageId: 'm0', result: 'sent', attempts: 1 })
  await watch({ channel: 'pager', messageId: 'm0', result: 'put off', attempts: 1, error: 'busy' })
  expect(await open()).toEqual([])

  await watch({ ...dead, messageId: 'm1' })
  await watch({ ...dead, messageId: 'm2' })
  const title = 'A message could not be delivered to pager: PagerDuty answered 400.'
  expect(await open()).toEqual([`firing: ${title}`])
  expect(await told()).toEqual(['ops firing', 'pager firing'])

  await watch({ channel: 'ops', messageId: 'm3', result: 'sent', attempts: 1 })
  expect(await open()).toEqual([`firing: ${title}`])
  await watch({ channel: 'pager', messageId: 'm4', result: 'sent', attempts: 1 })
  expect(await open()).toEqual([`resolved: ${title}`])
})

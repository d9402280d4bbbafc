import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alertScene, finding, timeOf } from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { acknowledgeAlert } from './acknowledgeAlert.ts'
import { createSilence } from './createSilence.ts'
import { endSilence } from './endSilence.ts'
import { raise } from './raise.ts'
import { resolveAlert } from './resolveAlert.ts'
import { tellOfOurselves } from './tellOfOurselves.ts'

let database: TestDatabase
let scene: ReturnType<typeof alertScene>
beforeEach(async () => {
  database = await createTestDatabase()
  scene = alertScene(database.db)
})
afterEach(() => database.drop())

const acknowledge = (id: string, by: string) =>
  acknowledgeAlert(database.db, scene.context, { id, by, now: new Date() })
const resolve = (id: string, by: string) =>
  resolveAlert(database.db, scene.context, { id, by, reason: 'planned', now: new Date() })

describe('of two people at once', () => {
  beforeEach(() => scene.pass(100, { finds: [{ key: 'a' }] }))

  test.each([
    ['acknowledge', acknowledge],
    ['resolve', resolve],
  ])('who %s an alert one wins, and the other is told who', async (_verb, act) => {
    const { id } = await scene.alert()
    const results = await Promise.allSettled(['ana', 'bob'].map((by) => act(id, by)))
    const failed = results.filter(({ status }) => status === 'rejected')
    expect(failed).toHaveLength(1)
    const winner = results[0]!.status === 'fulfilled' ? 'ana' : 'bob'
    expect(failed[0]).toMatchObject({ reason: { code: 'conflict', message: expect.stringContaining(winner) } })
    expect(await scene.messages()).toHaveLength(2)
  })

  test('one may resolve what the other acknowledges, and then nobody acknowledges it any more', async () => {
    const { id } = await scene.alert()
    await acknowledge(id, 'ana')
    await resolve(id, 'bob')
    expect(await scene.alert()).toMatchObject({
      state: 'resolved',
      acknowledgedBy: 'ana',
      resolvedBecause: 'bob: planned',
    })
    await expect(acknowledge(id, 'eve')).rejects.toThrow(
      `Alert ${id} is already resolved (bob: planned), so it cannot be acknowledged.`,
    )
    expect((await scene.told()).map((text) => text.split(':')[0])).toEqual([
      'ops firing',
      'ops acknowledged',
      'ops resolved',
    ])
  })

  test('nobody finds an alert that is not there', async () => {
    await expect(resolve('none', 'ana')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no alert none.',
    })
  })
})

test('what people do by the clock does not put off what the chain tells in its own time', async () => {
  await scene.pass(100, { finds: [{ key: 'a' }] })
  const { id, tellAt } = await scene.alert()
  await acknowledgeAlert(database.db, scene.context, { id, by: 'ana', now: timeOf(1_000_000) })
  expect(await scene.alert()).toMatchObject({ tellAt })
  await scene.pass(101, { finds: [{ key: 'b' }] })
  await scene.pass(105)
  expect((await scene.messages()).map(({ kind }) => kind)).toContain('updated')
})

test('an alert that nobody was told of is acknowledged and resolved in silence', async () => {
  await scene.pass(100, { finds: [{ key: 'q', monitor: 'quiet' }] })
  const { id } = await scene.alert()
  await acknowledge(id, 'ana')
  await resolve(id, 'ana')
  expect(await scene.messages()).toEqual([])
})

describe('a silence', () => {
  const now = timeOf(100)
  const good = { match: { monitors: ['big'] }, reason: 'upgrade', createdBy: 'ana', endsAt: timeOf(200), now }

  test.each([
    ['without a reason', { reason: ' \n' }, 'Write why, for those who ask in the night.'],
    [
      'over everything',
      { match: {} },
      'Name at least a monitor, a contract or a severity: a silence over everything hides everything.',
    ],
    [
      'over nothing',
      { match: { monitors: [] } },
      'Name at least a monitor, a contract or a severity: a silence over everything hides everything.',
    ],
    ['that is over', { endsAt: now }, 'Choose an end within the next 30 days.'],
    ['without end', { endsAt: new Date(now.getTime() + 31 * 86_400_000) }, 'Choose an end within the next 30 days.'],
    ['with an end that is no time', { endsAt: new Date(Number.NaN) }, 'Choose an end within the next 30 days.'],
  ])('%s is not made', async (_what, changed, hint) => {
    await expect(createSilence(database.db, { ...good, ...changed })).rejects.toMatchObject({
      code: 'invalid',
      hints: [hint],
    })
  })

  test('that somebody ends lets what it kept back be told with the next block', async () => {
    const { id } = await createSilence(database.db, { ...good, endsAt: timeOf(10_000) })
    await scene.pass(101, { finds: [{ key: 'a' }] })
    expect(await scene.messages()).toEqual([])
    await endSilence(database.db, { id, now: timeOf(102) })
    await scene.pass(102)
    expect(await scene.told()).toEqual(['ops firing: High: a happened'])
    await expect(endSilence(database.db, { id, now: timeOf(103) })).rejects.toMatchObject({ code: 'not_found' })
  })

  const own = finding({ key: 'rpc', monitor: 'tocsin', transactionHash: null })
  const raiseOwn = (now: Date) =>
    database.db.transaction((tx) =>
      raise(tx, scene.context, { sighted: [{ finding: own, sighting: null }], cleared: [], at: now, now }),
    )

  test('over a trouble of our own ends by the clock, as no block may come', async () => {
    await createSilence(database.db, { ...good, match: { monitors: ['tocsin'] }, endsAt: timeOf(103) })
    await raiseOwn(timeOf(101))
    await tellOfOurselves(database.db, scene.context, { now: timeOf(102) })
    expect(await scene.messages()).toEqual([])
    await tellOfOurselves(database.db, scene.context, { now: timeOf(103) })
    await tellOfOurselves(database.db, scene.context, { now: timeOf(104) })
    expect(await scene.told()).toEqual(['ops firing: High: rpc happened'])
  })

  test('over a trouble that is noticed again and again ends with the next notice', async () => {
    await createSilence(database.db, { ...good, match: { monitors: ['tocsin'] }, endsAt: timeOf(103) })
    await raiseOwn(timeOf(101))
    await raiseOwn(timeOf(102))
    expect(await scene.messages()).toEqual([])
    await raiseOwn(timeOf(104))
    await raiseOwn(timeOf(105))
    expect(await scene.told()).toEqual(['ops firing: High: rpc happened'])
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleContext } from '../../test/harness/alertScene.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { raise } from '../alerts/raise.ts'
import { alerts } from '../store/schema.ts'
import { createSelfCheck, type Ground, groundOf } from './createSelfCheck.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const gibibyte = 1024 ** 3
const start = Date.UTC(2026, 7, 1)

test('the disk and the clock are told when they go wrong, once, and when they are right again', async () => {
  let [free, clockMs, steadyMs, newest] = [100 * gibibyte, start, 0, start]
  const ground: Ground = {
    space: async () => ({ free, total: 200 * gibibyte }),
    clockMs: () => clockMs,
    steadyMs: () => steadyMs,
    newestBlock: () => ({ timestamp: newest / 1000, chain: 'mainnet' }),
  }
  const { db } = database
  const check = createSelfCheck(
    { chainId: 1, ground },
    { db, raise: (tx, raised) => raise(tx, sampleContext(), raised) },
  )
  const pass = (ms: number, jumpMs = 0) => {
    clockMs += ms + jumpMs
    steadyMs += ms
  }
  const open = async () => {
    const rows = await db.select().from(alerts).orderBy(alerts.title)
    return rows.map(({ state, title, findings }) => `${state} ${findings}: ${title}`)
  }

  await check()
  expect(await open()).toEqual([])

  free = 9.9 * gibibyte
  pass(30_000)
  await check()
  pass(30_000)
  await check()
  const disk =
    'The disk of the data directory has only 10138 MiB (5.0 %) left: when it is full, nothing is watched any more'
  expect(await open()).toEqual([`firing 1: ${disk}`])

  free = 10 * gibibyte
  pass(30_000, -40_000)
  await check()
  const clock = 'The clock of this machine jumped by -40 s'
  expect(await open()).toEqual([`firing 1: ${clock}`, `resolved 1: ${disk}`])

  pass(30_000)
  newest = clockMs + 61_000
  await check()
  newest = clockMs + 60_000
  pass(1)
  await check()
  expect(await open()).toEqual([`resolved 1: ${clock}`, `resolved 1: ${disk}`])
})

test('the ground of this process has a disk and a clock', async () => {
  const ground = groundOf('.', () => null)
  const { free, total } = await ground.space()
  expect(free).toBeGreaterThan(0)
  expect(total).toBeGreaterThanOrEqual(free)
  expect(ground.clockMs()).toBeGreaterThan(start - 365 * 86_400_000)
})

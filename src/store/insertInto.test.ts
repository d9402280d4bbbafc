import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { runTogether } from './runTogether.ts'
import { memory } from './schema.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('stores more rows than a statement has parameters, as they are, and replaces them', async () => {
  const texts = [
    '',
    'NULL',
    '"',
    '\\',
    "'",
    '{a,b}',
    ',',
    '\n',
    '\u202e',
    '😀',
    '\\"',
    ' lead and trail ',
    '12',
    'null',
  ]
  const some = texts.map((text, place) => {
    const value = place % 2 === 0 ? text : { z: [text, null, 1.5], a: text }
    return { chainId: 1, monitor: text, key: `key ${text}`, value }
  })
  const many = Array.from({ length: 70_000 }, (_, place) => ({
    chainId: 2,
    monitor: 'm',
    key: `${place}`,
    value: place,
  }))
  await runTogether(database.db, insertInto(memory, [...some, ...many]))
  const rows = await database.db.select().from(memory)
  expect(rows).toHaveLength(some.length + many.length)
  for (const row of some) {
    const stored = rows.find(({ monitor, chainId }) => chainId === 1 && monitor === row.monitor)
    expect(JSON.stringify(stored)).toBe(JSON.stringify(row))
  }
  const again = some.map((row, place) => ({ ...row, value: { now: place } }))
  await runTogether(database.db, insertInto(memory, again, replaceBy(memory, ['chain_id', 'monitor', 'key'])))
  const replaced = (await database.db.select().from(memory)).filter(({ chainId }) => chainId === 1)
  expect(replaced).toEqual(expect.arrayContaining(again))
  expect(replaced).toHaveLength(again.length)
})

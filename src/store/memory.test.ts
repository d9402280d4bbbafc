import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import type { Json } from '../model/finding.ts'
import { deleteUndoBelow, listMemory, rewindMemory, saveMemory } from './memory.ts'
import { memoryUndo } from './schema.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const save = (blockNumber: number, before: Json | undefined, after: Json | undefined, key = 'a') =>
  saveMemory(database.db, { chainId: 1, blockNumber, changes: [{ monitor: 'm', key, before, after }] })
const values = async (chainId = 1) => {
  const rows = await listMemory(database.db, chainId)
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

test('gives back exactly what was kept', async () => {
  const odd: Json[] = [
    '12',
    'true',
    'null',
    '"quoted"',
    '{"a":1}',
    '',
    '115792089237316195423570985008687907853269984665640564039457584007913129639935',
    0,
    false,
    [],
    {},
    { '': [null] },
    '\u0000\u202e\ud800',
  ]
  for (const [index, value] of odd.entries()) await save(1, undefined, value, String(index))
  expect(await values()).toEqual(Object.fromEntries(odd.map((value, index) => [String(index), value])))
  expect(await values(2)).toEqual({})
})

test('rewinds to what was there after a block', async () => {
  await save(1, undefined, 'one')
  await save(2, 'one', 'two')
  await save(2, undefined, 'b', 'b')
  await save(3, 'two', undefined)
  await save(4, undefined, 'four')
  await save(4, 'b', 'b4', 'b')
  expect(await values()).toEqual({ a: 'four', b: 'b4' })
  await rewindMemory(database.db, 1, 3)
  expect(await values()).toEqual({ b: 'b' })
  await rewindMemory(database.db, 1, 2)
  expect(await values()).toEqual({ a: 'two', b: 'b' })
  await rewindMemory(database.db, 1, 1)
  expect(await values()).toEqual({ a: 'one' })
  await rewindMemory(database.db, 1, 0)
  expect(await values()).toEqual({})
  expect(await database.db.select().from(memoryUndo)).toEqual([])
})

test('takes any number of changes in a block', async () => {
  const changes = Array.from({ length: 20_000 }, (_, n) => ({
    monitor: 'm',
    key: String(n),
    before: undefined,
    after: n,
  }))
  await saveMemory(database.db, { chainId: 1, blockNumber: 1, changes })
  expect(Object.keys(await values())).toHaveLength(20_000)
  await saveMemory(database.db, { chainId: 1, blockNumber: 2, changes: [] })
  await rewindMemory(database.db, 1, 0)
  expect(await values()).toEqual({})
})

test('forgets how to undo what is final', async () => {
  await save(1, undefined, 'one')
  await save(2, 'one', 'two')
  await deleteUndoBelow(database.db, 1, 2)
  await rewindMemory(database.db, 1, 0)
  expect(await values()).toEqual({ a: 'one' })
})

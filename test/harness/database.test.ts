import { expect, test } from 'vitest'
import { cursors } from '../../src/store/schema.ts'
import { createTestDatabase } from './database.ts'

const cursor = { chainId: 1, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 } as const

test('gives each caller an empty database of its own at the newest schema', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await one.db.insert(cursors).values(cursor)
  expect(await one.db.select().from(cursors)).toEqual([cursor])
  expect(await other.db.select().from(cursors)).toEqual([])
  await Promise.all([one.drop(), other.drop()])
})

test('can leave the schema out', async () => {
  const { pool, drop } = await createTestDatabase({ empty: true })
  const { rows } = await pool.query(`select to_regnamespace('tocsin') as schema, current_user as role`)
  expect(rows).toEqual([{ schema: null, role: 'tocsin' }])
  await drop()
})

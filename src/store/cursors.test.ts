import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import type { Hex } from '../model/chain.ts'
import { findCursor, moveCursor, stepCursor } from './cursors.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const move = (from: Hex | null, hash: Hex, number: number) =>
  moveCursor(database.db, { chainId: 1, lane: 'head', from, to: { number, hash, timestamp: number * 12 } })

test('moves only from where its mover saw it', async () => {
  expect(await findCursor(database.db, 1, 'head')).toBeUndefined()
  await move(null, '0xa1', 1)
  await move('0xa1', '0xa2', 2)
  await expect(move('0xa1', '0xb2', 2)).rejects.toMatchObject({ code: 'conflict' })
  await expect(move(null, '0xb1', 1)).rejects.toMatchObject({ code: 'conflict' })
  expect(await findCursor(database.db, 1, 'head')).toEqual({
    chainId: 1,
    lane: 'head',
    blockNumber: 2,
    blockHash: '0xa2',
    timestamp: 24,
  })
  expect(await findCursor(database.db, 1, 'backfill')).toBeUndefined()
})

test('is moved by one of two who try at the same time, whoever begins', async () => {
  const both = (from: Hex | null, number: number) =>
    Promise.allSettled([move(from, `0xa${number}`, number), move(from, `0xb${number}`, number)])
  const first = await both(null, 1)
  expect(first.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { blockHash } = (await findCursor(database.db, 1, 'head'))!
  const second = await both(blockHash, 2)
  expect(second.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('steps to the next block together with that block, or not at all', async () => {
  await move(null, '0xa1', 1)
  const step = (hash: Hex) =>
    stepCursor(database.db, {
      chainId: 1,
      lane: 'head',
      from: '0xa1',
      to: { number: 2, hash, parentHash: '0xa1', timestamp: 24, logsBloom: '0x' },
    })
  const both = await Promise.allSettled([step('0xa2'), step('0xb2')])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
})

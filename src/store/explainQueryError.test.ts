import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { KnownError } from '../model/error.ts'
import { explainQueryError } from './explainQueryError.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
})
afterAll(() => database.drop())

/** What the real server's refusal with a code becomes. */
async function afterCode(code: string): Promise<unknown> {
  const raise = sql.raw(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`)
  return explainQueryError(await database.db.execute(raise).catch((error: unknown) => error))
}

test.each([
  ['53100', 'The disk of the database is full, so nothing can be committed.'],
  ['25006', 'The database can only be read: it is a standby, or set to read-only.'],
  ['53300', 'The database takes no more connections.'],
  ['57P01', 'The database does not answer, so nothing can be committed.'],
])('%s becomes a sentence', async (code, sentence) => {
  const explained = await afterCode(code)
  expect(explained).toBeInstanceOf(KnownError)
  expect(explained).toMatchObject({ message: sentence, retryable: true })
})

test('a server that is not there becomes a sentence', async () => {
  const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
  const error: unknown = await drizzle(pool)
    .execute(sql`select 1`)
    .catch((caught: unknown) => caught)
  expect(explainQueryError(error)).toMatchObject({
    message: 'The database does not answer, so nothing can be committed.',
  })
  await pool.end()
})

test('a connection that is cut in the middle becomes a sentence', async () => {
  const error: unknown = await database.db
    .execute(sql`select pg_terminate_backend(pg_backend_pid())`)
    .catch((caught: unknown) => caught)
  expect(explainQueryError(error)).toMatchObject({
    message: 'The database does not answer, so nothing can be committed.',
  })
})

test('a mistake of ours stays what it is', async () => {
  const error: unknown = await database.db.execute(sql`select from nowhere`).catch((caught: unknown) => caught)
  expect(explainQueryError(error)).toBe(error)
})

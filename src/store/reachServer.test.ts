import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/harness/database.ts'
import { connectTestServer } from '../../test/harness/testServer.ts'
import { openDatabase } from './openDatabase.ts'
import { cursors } from './schema.ts'

const cursor = { chainId: 1, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 } as const

/** Whom to stop, in this order reversed, when a test ends. */
let cleanUp: (() => unknown)[]
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tocsin-open-'))
  cleanUp = [() => rm(directory, { recursive: true })]
})
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step()
})

async function open(options: Omit<Parameters<typeof openDatabase>[0], 'dataDirectory'>) {
  const database = await openDatabase({ dataDirectory: directory, ...options })
  cleanUp.push(() => database.close())
  return database
}

describe('a server named by URL', () => {
  const create = async () => {
    const database = await createTestDatabase({ empty: true })
    cleanUp.push(() => database.drop())
    return database
  }

  test('is migrated, used and left running; the data directory stays untouched', async () => {
    const { url, pool } = await create()
    const database = await open({ url })
    await database.db.insert(cursors).values(cursor)
    await database.close()
    expect((await pool.query('select chain_id from tocsin.cursors')).rows).toEqual([{ chain_id: '1' }])
    expect(database.description).not.toContain(new URL(url).password)
    expect(await readdir(directory)).toEqual([])
  })

  test('may break a connection; the next query makes a new one', async () => {
    const { url, pool } = await create()
    const warnings: string[] = []
    const logger = { warn: (_: object, text: string) => void warnings.push(text), error: () => expect.unreachable() }
    const database = await open({ url, logger })
    await pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    )
    await expect.poll(() => warnings).toEqual(['A connection to the database broke.'])
    expect(await database.db.select().from(cursors)).toEqual([])
  })

  test.each([
    ['nonsense', 'invalid'],
    ['mysql://user:hunter2@localhost/db', 'invalid'],
    ['postgresql://user:hunter2@127.0.0.1:1/db', 'unavailable'],
  ])('%s is refused without showing its secret', async (url, code) => {
    const error = await open({ url, patienceMs: 0 }).catch((cause) => cause)
    expect(error).toMatchObject({ name: 'KnownError', code })
    expect(`${error.message}${error.hints}`).not.toContain('hunter2')
  })

  test('says that the password is wrong, or that there is no such database', async () => {
    const { url } = await create()
    const wrong = new URL(url)
    wrong.password = 'hunter2'
    await expect(open({ url: wrong.href })).rejects.toMatchObject({ code: 'forbidden' })
    const absent = new URL(url)
    absent.pathname = '/absent'
    await expect(open({ url: absent.href })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('says that the role may not make a schema there', async () => {
    const { url } = await create()
    const { client } = await connectTestServer()
    await client.query(`drop role if exists visitor; create role visitor login password 'visitor'`)
    await client.end()
    const visitors = new URL(url)
    visitors.username = 'visitor'
    visitors.password = 'visitor'
    await expect(open({ url: visitors.href })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('permission denied for database'),
    })
  })

  test('of a newer version is left as it is, and its connections are closed', async () => {
    const { url, pool } = await create()
    await (await open({ url })).close()
    await pool.query(`insert into tocsin.migrations (name, hash) values ('0099_next', 'ab')`)
    await expect(open({ url })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('0099_next'),
    })
    const others = 'select from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'
    await expect.poll(async () => (await pool.query(others)).rowCount).toBe(0)
  })
})

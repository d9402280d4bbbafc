import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { dump } from './dump.ts'
import { dumpBefore } from './dumpBefore.ts'
import { migrate } from './migrate.ts'
import { findMigrations } from './readMigrations.ts'
import { restore } from './restore.ts'
import { cursors, memory } from './schema.ts'

/** Every kind of column, a sequence, a generated column, and references against the order of the alphabet. */
const everything = `
  create type tocsin.mood as enum ('calm', 'wild\\');
  create table tocsin.everything (
    number int generated always as identity primary key, a text, b bytea, c numeric, d jsonb, e double precision,
    f text[], g timestamptz, h boolean, i uuid, j tocsin.mood, "K ""k" bigint, l int generated always as (length(a)) stored);
  create table tocsin.another (number int primary key references tocsin.everything, parent int references tocsin.another);`

let directory: string
let folder: string
const databases: TestDatabase[] = []

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tocsin-dump-'))
  folder = join(directory, 'migrations')
  await cp(findMigrations(), folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal: { entries: object[] } = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ entries: [...journal.entries, { tag: '0099_everything' }] }))
  await writeFile(join(folder, '0099_everything.sql'), everything)
})
afterAll(async () => {
  await Promise.all(databases.map(({ drop }) => drop()))
  await rm(directory, { recursive: true })
})

async function create(options?: { empty: boolean }): Promise<TestDatabase> {
  const database = await createTestDatabase(options)
  databases.push(database)
  return database
}

const newFile = () => join(directory, `${randomBytes(6).toString('hex')}.gz`)

/** Text that PostgreSQL can hold: all of Unicode but the zero character and halves of pairs. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replaceAll('\0', ''))
const awkward = fc.constantFrom('\\.', '\n\\.\n', '\\N', '\t', '\r\n', '\\.0\n\\.', '', '🔔 ñ', '"{},\\')
const words = fc.oneof(text, awkward)
const json = fc.jsonValue().map((value) => JSON.stringify(value).replaceAll('\\u0000', ''))
const row = fc.record({
  a: fc.option(words),
  b: fc.option(fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes))),
  c: fc.option(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }).map((value) => `${value}.0700`)),
  d: fc.option(json.filter((value) => isStorable(value))),
  e: fc.option(fc.double()),
  f: fc.option(fc.array(fc.option(words), { maxLength: 4 })),
  g: fc.option(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })),
  h: fc.option(fc.boolean()),
  i: fc.option(fc.uuid()),
  j: fc.option(fc.constantFrom('calm', 'wild\\')),
  k: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
})

/** PostgreSQL's jsonb has no zero character, no half pairs, and no number beyond its numeric type. */
function isStorable(value: string): boolean {
  return !/\\u(0000|d[89a-f])/i.test(value) && !/[eE][+-]?\d{3}/.test(value)
}

/** All of a table as text, so that nothing is lost in between. */
async function contents({ pool }: TestDatabase, table: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`select t::text as line from tocsin.${table} t order by 1`)
  return rows.map(({ line }) => line)
}

test('brings back every value of every kind of column', async () => {
  const source = await create({ empty: true })
  await migrate({ ...source, folder })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      for (const { a, b, c, d, e, f, g, h, i, j, k } of rows) {
        await source.pool.query(
          'insert into tocsin.everything (a, b, c, d, e, f, g, h, i, j, "K ""k") values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)',
          [a, b, c, d, e, f, g, h, i, j, k],
        )
      }
      await source.pool.query(
        'insert into tocsin.another select number, null from tocsin.everything on conflict do nothing',
      )
      const target = await create({ empty: true })
      const file = newFile()
      await dump(source.pool, { file })
      await restore(target.pool, { file, folder })
      for (const table of ['everything', 'another']) {
        expect(await contents(target, table)).toEqual(await contents(source, table))
      }
      const next = `insert into tocsin.everything (a) values ('next') returning number`
      expect((await target.pool.query(next)).rows).toEqual((await source.pool.query(next)).rows)
    }),
    { numRuns: 8 },
  )
})

test('restores into a database at the newest schema that is still empty', async () => {
  const [source, target] = [await create(), await create()]
  const kept = { chainId: 1, monitor: 'm', key: 'k', value: { big: 'x'.repeat(3_000_000), nested: [null, '\\.'] } }
  await source.db.insert(memory).values(kept)
  const file = newFile()
  const written = await dump(source.pool, { file })
  expect(await restore(target.pool, { file })).toEqual(written)
  expect(await target.db.select().from(memory)).toEqual([kept])
  expect(await migrate(target)).toEqual([])
})

test('upgrades what an older version has dumped', async () => {
  const [source, target] = [await create(), await create({ empty: true })]
  await source.db.insert(cursors).values({ chainId: 1, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 })
  const file = newFile()
  await dump(source.pool, { file })
  await restore(target.pool, { file, folder })
  expect(await contents(target, 'everything')).toEqual([])
  expect(await contents(target, 'cursors')).toEqual(await contents(source, 'cursors'))
})

test('shows the database as it was at one moment', async () => {
  const source = await create()
  const put = (value: number) =>
    source.pool.query(
      `insert into tocsin.memory values (1, 'm', 'k', $1) on conflict (chain_id, monitor, key)
      do update set value = excluded.value`,
      [value],
    )
  const both = async (value: number) => {
    const client = await source.pool.connect()
    await client.query('begin')
    await client.query('update tocsin.cursors set block_number = $1', [value])
    await client.query('update tocsin.memory set value = to_jsonb($1::int)', [value])
    await client.query('commit')
    client.release()
  }
  await put(0)
  await source.pool.query(`insert into tocsin.cursors values (1, 'head', 0, '0x', 0)`)
  let writing = true
  const writer = (async () => {
    for (let value = 1; writing; value++) await both(value)
  })()
  const file = newFile()
  await dump(source.pool, { file })
  writing = false
  await writer
  const target = await create()
  await restore(target.pool, { file })
  const { rows } = await target.pool.query(
    'select block_number::int = (value #>> array[]::text[])::int as same from tocsin.cursors, tocsin.memory',
  )
  expect(rows).toEqual([{ same: true }])
})

test('refuses a database that holds data, and leaves it alone', async () => {
  const source = await create()
  await source.db.insert(memory).values({ chainId: 1, monitor: 'm', key: 'k', value: 1 })
  const file = newFile()
  await dump(source.pool, { file })
  await source.db.update(memory).set({ value: 2 })
  await expect(restore(source.pool, { file })).rejects.toMatchObject({ code: 'conflict' })
  expect(await source.db.select().from(memory)).toEqual([{ chainId: 1, monitor: 'm', key: 'k', value: 2 }])
})

test('refuses a dump of a newer version', async () => {
  const [source, target] = [await create({ empty: true }), await create({ empty: true })]
  await migrate({ ...source, folder })
  const file = newFile()
  await dump(source.pool, { file })
  await expect(restore(target.pool, { file })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('0099_everything'),
  })
  const { rows } = await target.pool.query(`select to_regnamespace('tocsin') as schema`)
  expect(rows).toEqual([{ schema: null }])
})

test('refuses a damaged dump at any place, with nothing restored', async () => {
  const [source, target] = [await create(), await create()]
  for (let key = 0; key < 50; key++) {
    await source.db
      .insert(memory)
      .values({ chainId: 1, monitor: 'm', key: `${key}`, value: randomBytes(500).toString('hex') })
  }
  const file = newFile()
  await dump(source.pool, { file })
  const { size } = await stat(file)
  for (const length of [0, 5, 300, Math.floor(size / 2), size - 1]) {
    const cut = newFile()
    await cp(file, cut)
    await truncate(cut, length)
    await expect(restore(target.pool, { file: cut })).rejects.toMatchObject({ code: 'invalid' })
  }
  const whole = gunzipSync(await readFile(file)).toString()
  const changed = [
    whole.replace('\\.50\n', '\\.49\n'),
    whole.replace('"memory"', '"memories"'),
    `${whole}more`,
    'no dump\n',
  ]
  for (const content of changed) {
    const other = newFile()
    await writeFile(other, gzipSync(content))
    await expect(restore(target.pool, { file: other })).rejects.toMatchObject({ code: 'invalid' })
  }
  expect(await contents(target, 'memory')).toEqual([])
})

test('says that there is no such file, and overwrites none', async () => {
  const { pool } = await create()
  const file = newFile()
  await expect(restore(pool, { file })).rejects.toMatchObject({ code: 'not_found' })
  await writeFile(file, 'mine')
  await expect(dump(pool, { file })).rejects.toMatchObject({ code: 'conflict' })
  expect(await readFile(file, 'utf8')).toBe('mine')
})

test('leaves nothing behind where it cannot write, and lets nobody else read', async () => {
  const { pool } = await create()
  await expect(dump(pool, { file: join(directory, 'absent/dump.gz') })).rejects.toMatchObject({ code: 'ENOENT' })
  const file = newFile()
  await dump(pool, { file })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await readdir(directory)).filter((name) => name.endsWith('.new'))).toEqual([])
})

test('keeps the five newest of the dumps taken before upgrades, and every other file', async () => {
  const { pool } = await create()
  const dataDirectory = await mkdtemp(join(directory, 'data-'))
  await dumpBefore({ pool, dataDirectory, last: '0' })
  await writeFile(join(dataDirectory, 'dumps/my own.dump.gz'), '')
  for (let last = 1; last < 7; last++) await dumpBefore({ pool, dataDirectory, last: `${last}` })
  const names = (await readdir(join(dataDirectory, 'dumps'))).sort()
  expect(names.map((name) => /(\d|my own)\.dump\.gz$/.exec(name)?.[1])).toEqual(['2', '3', '4', '5', '6', 'my own'])
})

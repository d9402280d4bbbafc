import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { migrate } from './migrate.ts'
import { findMigrations, readMigrations } from './readMigrations.ts'
import { cursors } from './schema.ts'

const cursor = { chainId: 1, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 } as const

let database: TestDatabase
let folder: string
beforeEach(async () => {
  database = await createTestDatabase({ empty: true })
  folder = await mkdtemp(join(tmpdir(), 'tocsin-migrations-'))
  await cp(findMigrations(), folder, { recursive: true })
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

/** Makes the folder that of the next release: this one's and a migration more. */
async function addMigration(statements: string): Promise<void> {
  const path = join(folder, 'meta/_journal.json')
  const journal: { entries: object[] } = JSON.parse(await readFile(path, 'utf8'))
  journal.entries.push({ idx: 99, version: '7', when: 9_999_999_999_999, tag: '0099_next', breakpoints: true })
  await writeFile(path, JSON.stringify(journal))
  await writeFile(join(folder, '0099_next.sql'), statements)
}

const columnsOfCursors = async () => {
  const { rows } = await database.pool.query(
    `select column_name from information_schema.columns where table_schema = 'tocsin' and table_name = 'cursors'`,
  )
  return rows.map((row) => row.column_name)
}

test('makes the schema once, and finds it made the next time', async () => {
  const names = (await readMigrations(folder)).map(({ name }) => name)
  expect(await migrate(database)).toEqual(names)
  expect(await migrate(database)).toEqual([])
  await database.db.insert(cursors).values(cursor)
  expect(await database.db.select().from(cursors)).toEqual([cursor])
})

test('lets one of several processes migrate while the others wait', async () => {
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database)))
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
})

test('upgrades the database of the previous release, its data intact, after a dump', async () => {
  await migrate(database)
  await database.db.insert(cursors).values(cursor)
  await addMigration(`alter table tocsin.cursors add column note text not null default 'old';
    --> statement-breakpoint
    update tocsin.cursors set block_number = block_number + 1;`)
  const dumped: string[] = []
  const beforeChange = async (last: string) => void dumped.push(last)
  expect(await migrate({ ...database, folder, beforeChange })).toEqual(['0099_next'])
  expect(dumped).toEqual([(await readMigrations(findMigrations())).at(-1)?.name])
  const { rows } = await database.pool.query('select chain_id, block_number, note from tocsin.cursors')
  expect(rows).toEqual([{ chain_id: '1', block_number: '8', note: 'old' }])
})

test('takes no dump of an empty database', async () => {
  await migrate(database)
  await addMigration('alter table tocsin.cursors add column note text')
  const beforeChange = async () => expect.unreachable()
  expect(await migrate({ ...database, folder, beforeChange })).toEqual(['0099_next'])
})

test('changes nothing when the dump fails', async () => {
  await migrate(database)
  await database.db.insert(cursors).values(cursor)
  await addMigration('alter table tocsin.cursors add column note text')
  const beforeChange = () => Promise.reject(new Error('disk full'))
  await expect(migrate({ ...database, folder, beforeChange })).rejects.toThrow('disk full')
  expect(await columnsOfCursors()).not.toContain('note')
})

test('applies all statements of a migration or none', async () => {
  await migrate(database)
  await addMigration(`alter table tocsin.cursors add column note text;
    --> statement-breakpoint
    select 1 / 0`)
  await expect(migrate({ ...database, folder })).rejects.toThrow('division by zero')
  expect(await columnsOfCursors()).not.toContain('note')
  expect(await migrate(database)).toEqual([])
})

test('refuses the database of a newer version', async () => {
  await addMigration('alter table tocsin.cursors add column note text')
  await migrate({ ...database, folder })
  await expect(migrate(database)).rejects.toMatchObject({
    code: 'conflict',
    message: 'The database is at migration 0099_next, which this version of Tocsin does not know.',
  })
  expect(await columnsOfCursors()).toContain('note')
})

test('refuses the database of another build', async () => {
  const [first] = await readMigrations(folder)
  const path = join(folder, `${first?.name}.sql`)
  await writeFile(path, `${await readFile(path, 'utf8')}\n-- another build`)
  await migrate({ ...database, folder })
  await expect(migrate(database)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/made by another build/),
  })
})

test('refuses a schema of the same name that is not ours, and leaves it alone', async () => {
  await database.pool.query('create schema tocsin; create table tocsin.bells (id int)')
  await expect(migrate(database)).rejects.toMatchObject({
    code: 'conflict',
    message: 'The database has a schema named tocsin that is not of this program.',
  })
  const { rows } = await database.pool.query(`select tablename from pg_tables where schemaname = 'tocsin'`)
  expect(rows).toEqual([{ tablename: 'bells' }])
})

test.each(['dist/store/migrate.js', 'dist/tocsin.js', 'dist/cli/start.js'])('finds them beside %s', async (program) => {
  const root = await mkdtemp(join(tmpdir(), 'tocsin-package-'))
  await cp(folder, join(root, 'dist/store/migrations'), { recursive: true })
  const found = findMigrations(pathToFileURL(join(root, program)))
  expect(found).toBe(join(root, 'dist/store/migrations/'))
  await rm(root, { recursive: true })
})

import { type ChildProcess, execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Told } from '../../test/harness/holdDatabase.ts'
import { type OpenDatabase, openDatabase } from './openDatabase.ts'
import { isPostmaster } from './postgres/findPostmaster.ts'
import { openEmbedded } from './postgres/openEmbedded.ts'
import { cursors } from './schema.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }
const cursor = { chainId: 1, lane: 'head', blockNumber: 7, blockHash: '0xab', timestamp: 70 } as const

/** A cluster that was opened once, to be copied: making one takes a second. */
let made: string
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'tocsin-made-'))
  await chmod(made, 0o755)
  await (await openDatabase({ dataDirectory: made })).close()
})
afterAll(() => rm(made, { recursive: true }))

/** Whom to stop, in this order reversed, when a test ends. */
let cleanUp: (() => unknown)[]
let directory: string
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'tocsin-open-')))
  await chmod(directory, 0o755)
  cleanUp = [() => rm(directory, { recursive: true, force: true }), () => killLeft()]
})
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step()
})

async function open(options: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<OpenDatabase> {
  const database = await openDatabase({ dataDirectory: directory, ...options })
  cleanUp.push(() => database.close())
  return database
}

/** Another process that opens the database of `directory` and holds it. */
async function hold(options: { uid?: number; gid?: number; dataDirectory?: string } = {}) {
  const { dataDirectory = directory, ...user } = options
  const script = fileURLToPath(new URL('../../test/harness/holdDatabase.ts', import.meta.url))
  const child: ChildProcess = fork(script, [dataDirectory], { ...user, execArgv: [], cwd: '/' })
  cleanUp.push(() => child.kill('SIGKILL'))
  const [told]: [Told] = (await once(child, 'message')) as [Told]
  return { child, told }
}

const postmaster = async (dataDirectory = directory) => {
  const text = await readFile(join(dataDirectory, 'postgres/data/postmaster.pid'), 'utf8')
  return Number.parseInt(text, 10)
}
const chains = async ({ db }: OpenDatabase) => (await db.select().from(cursors)).map(({ chainId }) => chainId)

/** Whether a process is still the server: one that has ended keeps its id until the system buries it. */
const runs = (pid: number) => isPostmaster(pid, { data: join(directory, 'postgres/data') })

async function killNow(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => runs(pid), { timeout: 10_000 }).toBe(false)
}

/** A server that the test has left running. */
async function killLeft(): Promise<void> {
  const pid = await postmaster().catch(() => 0)
  if (await runs(pid)) await killNow(pid)
}

describe('the embedded server', () => {
  beforeEach(async () => {
    await promisify(execFile)('cp', ['-a', join(made, 'postgres'), directory])
  })

  test('starts, stops without leaving a process, and keeps what was written', async () => {
    const first = await open()
    await first.db.insert(cursors).values(cursor)
    const pid = await postmaster()
    await first.close()
    expect(await runs(pid)).toBe(false)
    expect(await chains(await open())).toEqual([1])
  })

  test('listens on no port, as a role that is no superuser, durably, in UTF-8', async () => {
    const { pool } = await open()
    const { rows } = await pool.query(`select current_setting('listen_addresses') as addresses,
      current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('server_encoding') as encoding, current_setting('is_superuser') as superuser`)
    expect(rows).toEqual([{ addresses: '', fsync: 'on', commit: 'on', encoding: 'UTF8', superuser: 'off' }])
  })

  test('keeps its secrets out of what is shown, logged and readable by others', async () => {
    const { url, description } = await open()
    const password = new URL(url).password
    const log = await readFile(join(directory, 'postgres/server.log'), 'utf8')
    expect(password).toHaveLength(64)
    expect(description + log).not.toContain(password)
    expect(await readFile(join(directory, 'postgres/password'), 'utf8')).not.toBe(password)
  })

  test('is refused to a second process, which is told by whom it is held', async () => {
    const { told } = await hold()
    expect(told).toMatchObject({ opened: true })
    await expect(open()).rejects.toMatchObject({
      code: 'conflict',
      message: `The data directory ${directory} is in use by process ${'pid' in told && told.pid} of Tocsin.`,
    })
    const beside = await openDatabase({ dataDirectory: directory, beside: true })
    expect(await chains(beside)).toHaveLength(1)
    await beside.close()
    expect(await runs(await postmaster())).toBe(true)
  })

  test('that a killed process has left running is taken over, with all that was committed', async () => {
    const { child, told } = await hold()
    const pid = await postmaster()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const database = await open()
    expect(await postmaster()).toBe(pid)
    expect(await chains(database)).toEqual(['pid' in told && told.pid])
    await database.close()
    expect(await runs(pid)).toBe(false)
  })

  test('recovers when it and its process were killed', async () => {
    const { child, told } = await hold()
    child.kill('SIGKILL')
    await killNow(await postmaster())
    expect(await chains(await open())).toEqual(['pid' in told && told.pid])
  })

  test('is started again when it crashes', async () => {
    const database = await open()
    await database.db.insert(cursors).values(cursor)
    const pid = await postmaster()
    await killNow(pid)
    await expect.poll(() => postmaster().catch(() => pid), { timeout: 20_000 }).not.toBe(pid)
    await expect.poll(() => chains(database).catch(() => 'not yet'), { timeout: 20_000 }).toEqual([1])
    await expect(open()).rejects.toMatchObject({ code: 'conflict' })
  })

  test('starts although the process id it left behind is in use again', async () => {
    const user = isRoot ? { uid: await ownerOfData() } : {}
    const stranger = spawn('sleep', ['60'], { ...user, stdio: 'ignore' })
    cleanUp.push(() => stranger.kill())
    const data = join(directory, 'postgres/data')
    await writeFile(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n1795400510\n5432\n\n\n`)
    await chown(join(data, 'postmaster.pid'), user.uid ?? -1, -1)
    expect(await chains(await open())).toEqual([])
    expect(stranger.exitCode).toBe(null)
  })

  test('says when the password is not that of the database, or gone', async () => {
    const file = join(directory, 'postgres/password')
    await writeFile(file, 'f00')
    await expect(open()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(file) })
    await killNow(await postmaster())
    await rm(file)
    await expect(open()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(file) })
  })

  test('quotes its log when it does not start', async () => {
    await rm(join(directory, 'postgres/data/global/pg_control'))
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('could not find the database system'),
    })
  })

  test('refuses the data of another major version of PostgreSQL', async () => {
    await writeFile(join(directory, 'postgres/data/PG_VERSION'), '17\n')
    await expect(open()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('PostgreSQL 17') })
  })

  async function ownerOfData(): Promise<number> {
    const { uid } = await stat(join(directory, 'postgres/data'))
    return uid
  }
})

describe('a new embedded server', () => {
  test('is opened by one of two processes that make it at the same time', async () => {
    const holders = await Promise.all([hold(), hold()])
    expect(holders.map(({ told }) => told.opened).sort()).toEqual([false, true])
    expect((await readdir(directory)).filter((name) => name.includes('new'))).toEqual([])
  })

  test.each(['a "b" $(c) `d` \'e\', f;ñ', 'long'.repeat(40)])('lies in a directory named %s', async (name) => {
    const dataDirectory = join(directory, name)
    const { url, db } = await open({ dataDirectory })
    const socketDirectory = new URL(url).searchParams.get('host') ?? ''
    if (!socketDirectory.startsWith(directory)) cleanUp.splice(1, 0, () => rm(socketDirectory, { recursive: true }))
    expect(await db.select().from(cursors)).toEqual([])
  })

  test.runIf(isRoot)('runs for an ordinary user too, and is not opened by others', async () => {
    const dataDirectory = join(directory, 'theirs')
    await mkdir(dataDirectory)
    await chown(dataDirectory, nobody.uid, nobody.gid)
    const { child, told } = await hold({ ...nobody, dataDirectory })
    expect(told).toMatchObject({ opened: true })
    const gone = once(child, 'exit')
    child.send('close')
    await gone

    await chmod(directory, 0o755)
    const ours = await hold({ ...nobody, dataDirectory: join(directory, 'forbidden') })
    expect(ours.told).toMatchObject({
      name: 'KnownError',
      message: expect.stringContaining('cannot be used by the user'),
    })
    expect(await chains(await open({ dataDirectory }))).toHaveLength(1)
  })

  test.runIf(isRoot)('lies elsewhere where root alone may enter', async () => {
    await chmod(directory, 0o700)
    const sharedDirectory = await mkdtemp(join(tmpdir(), 'tocsin-shared-'))
    await chmod(sharedDirectory, 0o711)
    cleanUp.push(() => rm(sharedDirectory, { recursive: true }))
    const dataDirectory = join(directory, 'data')
    for (let round = 0; round < 2; round++) {
      const embedded = await openEmbedded({ dataDirectory, sharedDirectory })
      expect(await realpath(join(dataDirectory, 'postgres'))).toContain(sharedDirectory)
      await embedded.stop()
    }
    await rm(await realpath(join(dataDirectory, 'postgres')), { recursive: true })
    await expect(openEmbedded({ dataDirectory, sharedDirectory })).rejects.toMatchObject({
      code: 'conflict',
      message: `The database that ${dataDirectory}/postgres leads to is gone.`,
    })
  })
})

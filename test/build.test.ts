import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What `npm install` makes of a published package: no sources, no demo, no tests. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-package-')))
const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/build.js', join(folder, 'dist')], {
    encoding: 'utf8',
  })
  expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' })
  for (const path of [...files.filter((path) => path !== 'dist'), 'package.json'])
    cpSync(path, join(folder, path), { recursive: true })
  symlinkSync(realpathSync('node_modules'), join(folder, 'node_modules'))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function tocsin(...args: string[]) {
  const env = { ...process.env, TOCSIN_DATA: join(folder, 'data'), DATABASE_URL: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/tocsin.js', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('the package helps, and knows its version', () => {
  expect(tocsin('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('COMMANDS') })
  expect(tocsin('check', '--config', 'none.yaml')).toMatchObject({
    status: 1,
    stderr: expect.not.stringContaining('bug'),
  })
})

test('the package says that the demo is not in it', () => {
  const refusal = { status: 1, stderr: expect.stringMatching(/^The demo is not part of this installation\.\n/) }
  expect(tocsin('start')).toMatchObject(refusal)
  expect(tocsin('demo', 'list')).toMatchObject(refusal)
})

test('the package brings its database, with the migrations', () => {
  const { stdout, stderr } = tocsin('restore', 'package.json')
  expect(stdout).toMatch(/^Bringing the database to \d{4}_/m)
  expect(stderr).toContain('package.json')
  expect(stderr).not.toContain('bug')
}, 60_000)

test('the package brings the thread in which blocks are hashed', () => {
  const script = `
    const { hashAside } = await import('./dist/evm/verify/hashAside.js')
    const hashes = hashAside({ values: Array(100).fill('ab'.repeat(1000)), wantsEach: false })
    console.log(process.getActiveResourcesInfo().includes('MessagePort'), (await hashes).root.length)
    // A thread that has died would not be asked again.
    await hashAside({ values: Array(100).fill('cd'.repeat(1000)), wantsEach: false })
    const again = hashAside({ values: Array(100).fill('ef'.repeat(1000)), wantsEach: false })
    console.log(process.getActiveResourcesInfo().includes('MessagePort'), (await again).root.length)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({ stdout: 'true 64\ntrue 64\n', stderr: '' })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoProcess, listAlerts, signIn, startDemoProcess } from '../harness/demoProcess.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
const env = { ...process.env, TOCSIN_DATA: directory }
const main = [process.execPath, 'src/cli/main.ts'] as const
const startDemo = () =>
  startDemoProcess([...main, 'start', '--port', '0', '--log', 'text'], { cwd: process.cwd(), env })

let demo: DemoProcess
beforeAll(async () => {
  demo = await startDemo()
}, 120_000)

afterAll(async () => {
  await demo?.stop()
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

test('an attack set off from another terminal is an alert with its transaction', async () => {
  const cookie = await signIn(demo)
  const [program, script] = main
  const attack = spawn(program, [script, 'demo', 'attack', 'reentrancy-drain'], { env, stdio: 'ignore' })
  const [code] = await once(attack, 'exit')
  expect(code).toBe(0)
  const alerts = () => listAlerts(demo.url, cookie)
  await expect.poll(async () => (await alerts()).map(({ monitor }) => monitor), { timeout: 30_000 }).toContain('drain')
  const drain = (await alerts()).find(({ monitor }) => monitor === 'drain')
  expect(drain).toMatchObject({ severity: 'critical', state: 'firing' })
}, 90_000)

test('it says that it is well, and how it does', async () => {
  expect(await (await fetch(`${demo.url}/readyz`)).json()).toEqual({ ready: true, reasons: [] })
  const metrics = await (await fetch(`${demo.url}/metrics`)).text()
  expect(metrics).toMatch(/^tocsin_blocks_total\{chain="demo"\} [1-9]/m)
  expect(metrics).toMatch(/^tocsin_blind\{chain="demo"\} 0$/m)
})

test('it stops gracefully, leaves nothing behind, and starts again', async () => {
  await demo.stop()
  expect(demo.child.exitCode).toBe(0)
  expect(demo.output()).toContain('Stopped.')
  demo = await startDemo()
  expect(demo.output()).not.toContain('for the first time')
}, 120_000)

test('a start after a kill finds its database again', async () => {
  const exited = once(demo.child, 'exit')
  demo.child.kill('SIGKILL')
  await exited
  demo = await startDemo()
  await expect.poll(async () => (await fetch(`${demo.url}/readyz`)).status, { timeout: 30_000 }).toBe(200)
}, 120_000)

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

type Started = { child: ChildProcess; url: string; token: string; output(): string }
type Alert = { id: string; monitor: string; state: string; severity: string; transactionHash: string | null }

const directory = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
const env = { ...process.env, TOCSIN_DATA: directory }
const children = new Set<ChildProcess>()

const tocsin = (...args: string[]) =>
  spawn(process.execPath, ['src/cli/main.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })

/** Starts the demo and resolves when it prints the link to its console. */
async function startDemo(): Promise<Started> {
  const child = tocsin('start', '--port', '0', '--log', 'text')
  children.add(child)
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  const read = (chunk: Buffer) => {
    output += chunk
    const link = /(http:\/\/localhost:[0-9]+)\/#token=([\w-]+)/.exec(output)
    if (link) resolve(link)
  }
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${output}`)))
  const [, url, token] = await promise
  return { child, url: url!, token: token!, output: () => output }
}

async function signIn({ url, token }: Started): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: url }
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token }) })
  expect(answer.status).toBe(204)
  return answer.headers.get('set-cookie')!.split(';')[0]!
}

async function stop({ child }: Started): Promise<number> {
  child.removeAllListeners('exit')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await exited
  children.delete(child)
  return code
}

let demo: Started
beforeAll(async () => {
  demo = await startDemo()
}, 120_000)

afterAll(async () => {
  await Promise.all([...children].map((child) => stop({ child } as Started)))
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

test('an attack set off from another terminal is an alert with its transaction', async () => {
  const cookie = await signIn(demo)
  const attack = tocsin('demo', 'attack', 'reentrancy-drain')
  const [code] = await once(attack, 'exit')
  expect(code).toBe(0)
  const alerts = async () => {
    const answer = await fetch(`${demo.url}/api/alerts`, { headers: { cookie } })
    return ((await answer.json()) as { alerts: Alert[] }).alerts
  }
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
  expect(await stop(demo)).toBe(0)
  expect(demo.output()).toContain('Stopped.')
  demo = await startDemo()
  expect(demo.output()).not.toContain('for the first time')
}, 120_000)

test('a start after a kill finds its database again', async () => {
  demo.child.removeAllListeners('exit')
  const exited = once(demo.child, 'exit')
  demo.child.kill('SIGKILL')
  await exited
  children.delete(demo.child)
  demo = await startDemo()
  await expect.poll(async () => (await fetch(`${demo.url}/readyz`)).status, { timeout: 30_000 }).toBe(200)
}, 120_000)

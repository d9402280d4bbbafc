import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoProcess, startDemoProcess } from '../harness/demoProcess.ts'
import { account, block, chain, event, tx } from '../harness/node/block.ts'
import { startNode, type TestNode } from '../harness/node/startNode.ts'
import { type Receiver, startReceiver } from '../harness/startReceiver.ts'

/** Tocsin as a team runs it: a config, a provider, a webhook, a heartbeat; seen from outside only. */
const vault = account(0x7a)
const withdraw = (assets: bigint) =>
  tx({
    to: vault,
    logs: [event('event Withdraw(address receiver, uint256 assets)', vault, { receiver: account(1), assets })],
  })

const directory = mkdtempSync(join(tmpdir(), 'tocsin-start-'))
const signingSecret = 'a secret that nobody may ever see'
let node: TestNode
let hook: Receiver
let heart: Receiver
let tocsin: DemoProcess

const config = `
protocol: Acme
chains: { local: { id: 1, rpc: env:RPC, poll: 1s, blindAfter: 2s, confirmations: 1 } }
contracts:
  vault: { address: "${vault}", kind: account, abi: ["event Withdraw(address receiver, uint256 assets)"] }
monitors:
  big: { use: expression, on: vault, when: event Withdraw if assets >= 100, severity: high }
channels:
  hook: { use: webhook, options: { url: env:HOOK, signingSecret: env:SIGNING, allowPrivateAddress: true } }
heartbeat: { url: env:HEART, every: 1s, allowPrivateAddress: true }
`

function start(): Promise<DemoProcess> {
  const file = join(directory, 'tocsin.yaml')
  writeFileSync(file, config)
  const env = {
    ...process.env,
    TOCSIN_DATA: join(directory, 'data'),
    RPC: `${node.url}/key-of-the-provider`,
    HOOK: `${hook.url}/hook-path`,
    HEART: `${heart.url}/heart-path`,
    SIGNING: signingSecret,
  }
  const command = ['src/cli/main.ts', 'start', '--config', file, '--port', '0', '--log', 'json', '--verbose']
  return startDemoProcess([process.execPath, ...command], { cwd: process.cwd(), env })
}

function expectNoSecretIn(printed: string): void {
  expect(printed).toMatch(/findings? in block/)
  for (const secret of ['key-of-the-provider', 'hook-path', 'heart-path', signingSecret]) {
    expect(printed).not.toContain(secret)
  }
}

type Event = { id: string; type: string; data: { title: string; alert: { monitor: string } } }
const events = () => hook.requests.map(({ body }) => JSON.parse(body) as Event)
const told = (monitor: string) =>
  events()
    .filter(({ data }) => data.alert.monitor === monitor)
    .map(({ type }) => type)
const extend = (...transactions: ReturnType<typeof tx>[]) => {
  node.chain.extend(block({ parent: node.chain.head(), transactions }))
}
const wait = { timeout: 30_000 }

beforeAll(async () => {
  const past = chain(120, () => [], { timestamp: Math.floor(Date.now() / 1000) - 119 * 12 })
  node = await startNode({ blocks: past })
  hook = await startReceiver()
  heart = await startReceiver()
  tocsin = await start()
}, 120_000)

afterAll(async () => {
  await tocsin?.stop()
  await Promise.all([node.close(), hook.close(), heart.close()])
  rmSync(directory, { recursive: true, force: true })
}, 60_000)

test('it begins at the newest block', async () => {
  await expect
    .poll(async () => (await fetch(`${tocsin.url}/metrics`)).text(), wait)
    .toMatch(/^tocsin_cursor_block\{.*\} [0-9]+$/m)
}, 60_000)

test('it says what watching costs before it begins', () => {
  // Every second the head, every 12 s the newest final block and each block, and at most its receipts.
  expect(tocsin.output()).toContain('Watching local takes at most 110,000 RPC calls a day, about 100,000.')
})

test('an event at the limit reaches the webhook, signed; one below it does not', async () => {
  extend(withdraw(99n))
  extend(withdraw(100n))
  await expect.poll(() => told('big'), wait).toEqual(['dev.tocsin.alert.firing.v1'])
  const { headers, body } = hook.requests[0]!
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', signingSecret).update(signed).digest('base64')}`)
  expect(events()[0]!.data.title).toContain('100')
}, 60_000)

test('the heart beats while all is well', async () => {
  await expect.poll(() => heart.requests.length, wait).toBeGreaterThan(0)
})

test('a provider that fails is told, stops the heart, and nothing is skipped when it returns', async () => {
  node.faults.add({ kind: 'status', status: 503 })
  await expect.poll(() => told('tocsin'), wait).toEqual(['dev.tocsin.alert.firing.v1'])
  const ready = await fetch(`${tocsin.url}/readyz`)
  expect(ready.status).toBe(503)
  const beats = heart.requests.length
  extend(withdraw(500n))
  extend()
  node.faults.clear()
  await expect.poll(() => told('tocsin'), wait).toEqual(['dev.tocsin.alert.firing.v1', 'dev.tocsin.alert.resolved.v1'])
  await expect
    .poll(async () => (await fetch(`${tocsin.url}/metrics`)).text(), wait)
    .toMatch(/^tocsin_findings_total\{.*\} 2$/m)
  await expect.poll(() => heart.requests.length, wait).toBeGreaterThan(beats)
}, 90_000)

test('a reorg is followed', async () => {
  const fork = node.chain.head()
  const orphan = block({ parent: fork, transactions: [withdraw(777n)] })
  node.chain.extend(orphan)
  await expect
    .poll(async () => (await fetch(`${tocsin.url}/metrics`)).text(), wait)
    .toMatch(/^tocsin_findings_total\{.*\} 3$/m)
  node.chain.reorg(1, [block({ parent: fork, salt: 'other' })])
  await expect
    .poll(async () => (await fetch(`${tocsin.url}/metrics`)).text(), wait)
    .toMatch(/^tocsin_reorgs_total\{.*\} 1$/m)
}, 60_000)

test('it ends gracefully and goes on where it was', async () => {
  await tocsin.stop()
  expect(tocsin.child.exitCode).toBe(0)
  expectNoSecretIn(tocsin.output())
  extend(withdraw(1_000n))
  extend()
  tocsin = await start()
  await expect
    .poll(async () => (await fetch(`${tocsin.url}/metrics`)).text(), wait)
    .toMatch(/^tocsin_findings_total\{.*\} 1$/m)
}, 90_000)

test('no secret was printed', () => {
  expectNoSecretIn(tocsin.output())
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../test/harness/runCli.ts'
import { type Receiver, startReceiver } from '../../test/harness/startReceiver.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-cli-message-'))
let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
  writeFileSync(
    join(directory, 'tocsin.yaml'),
    `protocol: Acme Vaults
chains: { mainnet: { id: 1, rpc: env:RPC } }
contracts: { vault: { address: "0x${'1'.repeat(40)}", kind: account } }
monitors: {}
channels:
  ops: { use: webhook, options: { url: env:HOOK, signingSecret: env:KEY, allowPrivateAddress: true } }
`,
  )
})
afterAll(async () => {
  await receiver.close()
  rmSync(directory, { recursive: true, force: true })
})

const send = (channel: string) =>
  runCli(['test-message', channel], {
    cwd: directory,
    env: { RPC: 'http://127.0.0.1:9', HOOK: `${receiver.url}/secret-path`, KEY: 'k'.repeat(32) },
  })

test('sends a test message through the channel itself', async () => {
  const { code, out } = await send('ops')
  expect(code).toBe(0)
  expect(out).toMatch(/^Webhook took the test message for ops after \d+\.\d s\. Is it there\?\n$/)
  const event = JSON.parse(receiver.requests.at(-1)!.body)
  expect(event).toMatchObject({ type: 'dev.tocsin.alert.test.v1' })
  expect(JSON.stringify(event)).toContain('Acme Vaults')
})

test('says why it was not taken, without the URL', async () => {
  receiver.reply = { status: 403, body: 'no such hook' }
  const { code, out, err } = await send('ops')
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('The test message did not reach ops: ')
  expect(err).toContain('no such hook')
  expect(err).not.toContain('secret-path')
})

test('names the channels where there is none of that name', async () => {
  const { code, err } = await send('opps')
  expect(code).toBe(1)
  expect(err).toBe('The config has no channel `opps`.\n  Did you mean `ops`?\n')
})

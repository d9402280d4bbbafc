import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attacks } from '../../demo/attacks.ts'
import { connect } from '../../demo/connect.ts'
import { deployProtocol } from '../../demo/deployProtocol.ts'
import { writeRunningDemo } from '../../demo/runningDemo.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { runCli } from '../../test/harness/runCli.ts'

const directory = mkdtempSync(join(tmpdir(), 'tocsin-cli-demo-'))
let anvil: Anvil
const client = () => connect(anvil.rpcUrl)

beforeAll(async () => {
  anvil = await startAnvil()
  writeRunningDemo(directory, anvil.rpcUrl, await deployProtocol(client()))
})
afterAll(async () => {
  await anvil.stop()
  rmSync(directory, { recursive: true, force: true })
})

test('lists every attack with its story', async () => {
  const { code, out } = await runCli(['demo', 'list'])
  expect(code).toBe(0)
  for (const { name, title } of attacks.values()) expect(out).toContain(`${name}: ${title}\n  `)
})

test('sets an attack off on the demo that runs, and names its transactions', async () => {
  const { code, out } = await runCli(['demo', 'attack', 'failed-burst'], { env: { TOCSIN_DATA: directory } })
  expect(code).toBe(0)
  const [hash] = /0x[0-9a-f]{64}/.exec(out) ?? []
  expect((await client().getTransactionReceipt({ hash: hash as `0x${string}` })).status).toBe('reverted')
})

test('says where to start the demo where none runs, and which attacks there are', async () => {
  const elsewhere = await runCli(['demo', 'attack', 'role-grab'], { env: { TOCSIN_DATA: join(directory, 'none') } })
  expect(elsewhere.code).toBe(1)
  expect(elsewhere.err).toContain('No demo is running')
  expect(elsewhere.err).toContain('npm start')
  const unknown = await runCli(['demo', 'attack', 'nope'], { env: { TOCSIN_DATA: directory } })
  expect(unknown).toMatchObject({ code: 1, out: '' })
  expect(unknown.err).toContain('role-grab')
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { attacks } from './attacks.ts'
import { connect, type DemoClient } from './connect.ts'
import { runAttack } from './runAttack.ts'
import { readAmount } from './send.ts'
import { type Demo, startDemo } from './startDemo.ts'

const dataDirectory = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
const progress: string[] = []
let demo: Demo
let client: DemoClient

beforeAll(async () => {
  demo = await startDemo({ dataDirectory, onProgress: (text) => progress.push(text) })
  client = connect(demo.rpcUrl)
})
afterAll(async () => {
  await demo.stop()
  rmSync(dataDirectory, { recursive: true, force: true })
})

/** Sets an attack off from a process of its own, as `tocsin demo attack NAME` does. */
async function attackFromOutside(name: string): Promise<Hex[]> {
  const module = fileURLToPath(new URL('./runAttack.ts', import.meta.url))
  const script = `import { runAttack } from ${JSON.stringify(module)}
    console.log(JSON.stringify(await runAttack(${JSON.stringify({ name, dataDirectory })})))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  await once(child, 'close')
  return JSON.parse(said).transactions
}

test('tells what it does, in order', () => {
  expect(progress).toEqual(['starting a local chain', 'deploying Acme Vaults', 'starting ordinary traffic'])
})

test('mines by the clock, and traffic fills the blocks', async () => {
  const first = await client.getBlock()
  const counted = async () => {
    const { number } = await client.getBlock()
    let transactions = 0
    for (let at = first.number; at <= number; at++)
      transactions += await client.getBlockTransactionCount({ blockNumber: at })
    return transactions
  }
  await expect.poll(counted, { timeout: 15_000, interval: 500 }).toBeGreaterThan(2)
  const { timestamp } = await client.getBlock()
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(5)
})

test('writes a config whose every name, address and ABI is there', () => {
  const config = parse(readFileSync(demo.configPath, 'utf8'))
  expect(config.chains.demo).toEqual({ id: 31_337, rpc: [demo.rpcUrl.replace('http', 'ws')] })
  for (const [name, { address, abi }] of Object.entries<{ address: string; abi: string }>(config.contracts)) {
    expect(address).toBe(demo.protocol.contracts[name as keyof Demo['protocol']['contracts']].address)
    expect(JSON.parse(readFileSync(join(demo.configPath, '..', abi), 'utf8')).length).toBeGreaterThan(0)
  }
  for (const { on } of Object.values<{ on: string | string[] }>(config.monitors))
    for (const target of [on].flat()) expect(config.contracts).toHaveProperty(target)
})

test("hands over the guardian's key in a file of its own", () => {
  const key = readFileSync(demo.guardianKeyPath, 'utf8').trim() as Hex
  expect(privateKeyToAddress(key).toLowerCase()).toBe(demo.protocol.accounts.guardian)
})

test('is attacked by another process while its traffic goes on', async () => {
  const { dusd, vault } = demo.protocol.contracts
  const before = await readAmount(client, dusd, 'balanceOf', [vault.address])
  const [, , , theft] = await attackFromOutside('role-grab')
  expect((await client.getTransactionReceipt({ hash: theft! })).status).toBe('success')
  expect(await readAmount(client, dusd, 'balanceOf', [vault.address])).toBeLessThan((before * 8n) / 10n)
})

test('names the attacks that there are where somebody asks for another', async () => {
  const refusal = {
    message: 'There is no attack named "nope".',
    hints: [expect.stringContaining([...attacks.keys()].join(', '))],
  }
  await expect(demo.attack('nope')).rejects.toMatchObject(refusal)
  await expect(runAttack({ name: 'nope', dataDirectory })).rejects.toMatchObject(refusal)
})

test('says that no demo runs, also where a killed one has left its file', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
  const refusal = {
    message: expect.stringContaining('No demo is running'),
    hints: expect.arrayContaining([expect.stringContaining('npm start')]),
  }
  await expect(runAttack({ name: 'failed-burst', dataDirectory: elsewhere })).rejects.toMatchObject(refusal)
  const ended = spawn(process.execPath, ['-e', ''])
  await once(ended, 'close')
  const left = JSON.parse(readFileSync(join(dataDirectory, 'demo.json'), 'utf8'))
  writeFileSync(join(elsewhere, 'demo.json'), JSON.stringify({ ...left, pid: ended.pid }))
  await expect(runAttack({ name: 'failed-burst', dataDirectory: elsewhere })).rejects.toMatchObject(refusal)
  rmSync(elsewhere, { recursive: true, force: true })
})

test('refuses a second demo on the data of one that runs in another process', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
  const running = JSON.parse(readFileSync(join(dataDirectory, 'demo.json'), 'utf8'))
  writeFileSync(join(elsewhere, 'demo.json'), JSON.stringify({ ...running, pid: process.ppid }))
  await expect(startDemo({ dataDirectory: elsewhere, onProgress() {} })).rejects.toThrow('runs already, as process')
  rmSync(elsewhere, { recursive: true, force: true })
})

test('ends on its signal and leaves no chain and no demo.json', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
  const ending = new AbortController()
  const short = await startDemo({ dataDirectory: elsewhere, signal: ending.signal, onProgress() {} })
  ending.abort()
  await short.stop()
  expect(existsSync(join(elsewhere, 'demo.json'))).toBe(false)
  await expect(connect(short.rpcUrl).getBlockNumber()).rejects.toThrow()
  rmSync(elsewhere, { recursive: true, force: true })
})

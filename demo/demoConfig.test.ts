import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient } from '../src/app/openClient.ts'
import { plugIns } from '../src/app/plugIns.ts'
import type { Config } from '../src/config/config.ts'
import { loadConfig } from '../src/config/loadConfig.ts'
import type { Severity } from '../src/model/severity.ts'
import { replay } from '../src/watch/replay.ts'
import { attacks } from './attacks.ts'
import { connect, type DemoClient } from './connect.ts'
import { demoConfig } from './demoConfig.ts'
import { deployProtocol } from './deployProtocol.ts'
import { openInbox } from './openInbox.ts'
import type { Protocol } from './protocol.ts'
import { type Anvil, startAnvil } from './startAnvil.ts'
import { runTraffic } from './traffic.ts'

/** Which monitors must speak of each attack. Others may. */
const speakers: Record<string, string[]> = {
  'reentrancy-drain': ['big-withdrawal', 'drain', 'flash-loan', 'share-price'],
  'price-manipulation': ['drain', 'flash-loan', 'price-jump'],
  'malicious-upgrade': ['drain', 'privileges', 'share-price'],
  'silent-upgrade': ['drain', 'privileges', 'share-price'],
  'role-grab': ['drain', 'privileges', 'share-price'],
  'treasury-outflow': ['treasury-drain', 'treasury-transfer'],
  'failed-burst': ['probing'],
}

const directory = mkdtempSync(join(tmpdir(), 'tocsin-demo-'))
let anvil: Anvil
let client: DemoClient
let protocol: Protocol
let config: Config

beforeAll(async () => {
  anvil = await startAnvil()
  client = connect(anvil.rpcUrl)
  protocol = await deployProtocol(client)
  const { text, abis } = demoConfig(protocol, anvil.rpcUrl)
  mkdirSync(join(directory, 'abi'))
  for (const [name, abi] of abis) writeFileSync(join(directory, 'abi', `${name}.json`), JSON.stringify(abi))
  writeFileSync(join(directory, 'tocsin.yaml'), text)
  await (await openInbox(directory, () => {})).close()
  config = loadConfig(join(directory, 'tocsin.yaml'), plugIns)
})
afterAll(async () => {
  await anvil.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** What the monitors say of the blocks that `happening` makes, and of the one before. */
async function watch(happening: () => Promise<unknown>) {
  const from = Number(await client.getBlockNumber())
  await happening()
  const to = Number(await client.getBlockNumber())
  const chain = openClient(config.chains[0]!)
  const said: { monitor: string; severity: Severity; title: string }[] = []
  const unseen: unknown[] = []
  try {
    for await (const { sighted, blind, faults } of replay(
      { client: chain, monitors: config.monitors, ahead: 4 },
      { from, to },
    )) {
      said.push(...sighted.map(({ finding: { monitor, severity, title } }) => ({ monitor, severity, title })))
      unseen.push(...blind, ...faults)
    }
  } finally {
    chain.close()
  }
  return { said, unseen }
}

async function ordinaryLife(transactions: number) {
  const ending = new AbortController()
  let mined = 0
  const onMined = () => {
    if (++mined === transactions) ending.abort()
  }
  await runTraffic({ client, protocol, pace: 0, signal: ending.signal, onMined })
}

describe('the config of the demo', () => {
  test('is silent about ordinary life, and sees all of it', async () => {
    for (let round = 0; round < 4; round++)
      expect(await watch(() => ordinaryLife(90))).toEqual({ said: [], unseen: [] })
  }, 120_000)

  test.each([...attacks.keys()])('speaks of %s', async (name) => {
    const snapshot = await client.snapshot()
    const { said, unseen } = await watch(() => attacks.get(name)!.run({ client, protocol, pauseMs: 0 }))
    expect(unseen).toEqual([])
    expect([...new Set(said.map(({ monitor }) => monitor))]).toEqual(expect.arrayContaining(speakers[name]!))
    expect(said.map(({ severity }) => severity)).toContainEqual(expect.stringMatching(/^(high|critical)$/))
    await client.revert({ id: snapshot })
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeDeployData, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { readArtifact } from '../../demo/artifact.ts'
import { connect, type DemoClient } from '../../demo/connect.ts'
import { type Bound, submit, succeeded } from '../../demo/send.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { plugIns } from '../../src/app/plugIns.ts'
import { loadConfig } from '../../src/config/loadConfig.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { quietContext, raiseVerb, startWatch, type TestWatch } from './watchScene.ts'

const dollar = readArtifact('RelayedDollar')
export const { abi } = dollar
export const coin = 10n ** 18n
export type Side = 'home' | 'away'
const both = ['home', 'away'] as const

/** One of the two chains. Its node lives on between tests; each test has a token of its own on it. */
type Land = { anvil: Anvil; client: DemoClient; accounts: readonly Hex[]; token: Bound; watch?: TestWatch | undefined }
type Watching = { config: string; startAt?: number | 'latest'; urls?: string[]; quorum?: number }

/**
 * Two chains under one clock, on each of which the second account may relay a dollar that account 5 (home) or 6 (away)
 * has made, and a watch for each that a test starts. Each test has a database of its own.
 */
export function twoChains(ids: Record<Side, number>) {
  const lands = {} as Record<Side, Land>
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-chains-'))
  const path = join(folder, 'tocsin.yaml')
  let database: TestDatabase

  const scene = {
    lands,
    /** Unix seconds: the time of both chains and of the clock. */
    time: 0,
    get db() {
      return database.db
    },
    /** Watches a chain by the contracts and monitors of a config. */
    start(side: Side, { config, startAt = 0, urls = [lands[side].anvil.rpcUrl], quorum = 1 }: Watching): void {
      const chains = both.map((name) => `  ${name}: { id: ${ids[name]}, rpc: "http://127.0.0.1:1" }\n`)
      writeFileSync(path, `chains:\n${chains.join('')}${config}`)
      const loaded = loadConfig(path, plugIns)
      const known = new Map(loaded.chains.map((chain) => [chain.id, { ...chain, confirmations: 2 }]))
      lands[side].watch = startWatch({
        db: database.db,
        urls,
        monitors: loaded.monitors.filter(({ chainId }) => chainId === ids[side]),
        chain: { id: ids[side], name: side, startAt, quorum },
        raise: raiseVerb({ ...quietContext, chains: known }),
        clock: () => new Date(scene.time * 1000),
      })
    },
    async stop(...which: Side[]): Promise<void> {
      for (const side of which.length > 0 ? which : both) {
        await lands[side].watch?.stop()
        lands[side].watch = undefined
      }
    },
    /** The next block of a chain is of this time, at least a second later than the one before. */
    async at(side: Side, seconds = 1): Promise<Land> {
      scene.time += seconds
      await lands[side].client.setNextBlockTimestamp({ timestamp: BigInt(scene.time) })
      return lands[side]
    },
    /** Mines a block of this time, and the watch of the chain sees it. */
    async mine(side: Side, seconds = 1): Promise<void> {
      const { client, watch } = await scene.at(side, seconds)
      await client.mine({ blocks: 1 })
      const { number, hash } = await client.getBlock()
      await watch?.reach({ number: Number(number), hash })
    },
  }

  beforeAll(async () => {
    for (const side of both) lands[side] = await startLand(ids[side])
    scene.time = Math.floor(Date.now() / 1000) + 100
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterAll(() => Promise.all(Object.values(lands).map(({ anvil }) => anvil.stop())))
  beforeEach(async () => {
    database = await createTestDatabase()
    // Not by the same account: else both had the same address.
    await issueToken(lands.home, 5)
    await issueToken(lands.away, 6)
    scene.time += 1000
  })
  afterEach(async () => {
    await scene.stop()
    await database.drop()
  })
  return scene
}

async function startLand(chainId: number): Promise<Land> {
  const anvil = await startAnvil({ chainId })
  const client = connect(anvil.rpcUrl)
  return { anvil, client, accounts: await client.getAddresses(), token: { address: '0x', abi } }
}

async function issueToken(land: Land, issuer: number): Promise<void> {
  const { client, accounts } = land
  const data = encodeDeployData({ ...dollar, args: [accounts[1]] })
  const { contractAddress } = await succeeded(client, await submit(client, { from: accounts[issuer]!, data }))
  land.token = { address: contractAddress!, abi }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { encodeDeployData, type Hex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readArtifact } from '../../../demo/artifact.ts'
import { connect, type DemoClient } from '../../../demo/connect.ts'
import { type Bound, send, submit, succeeded } from '../../../demo/send.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { quietContext, raiseVerb, startWatch, type TestWatch } from '../../../test/harness/watchScene.ts'
import { plugIns } from '../../app/plugIns.ts'
import { loadConfig } from '../../config/loadConfig.ts'
import { alerts, findings, sightings } from '../../store/schema.ts'

const { abi, bytecode } = readArtifact('RelayedDollar')
const sides = { home: 41_337, away: 41_338 } as const
type Side = keyof typeof sides
const coin = 10n ** 18n
const escrow: Hex = `0x${'e5'.repeat(20)}`
const friend: Hex = `0x${'f'.padStart(40, '0')}`
/** What the relayed token is made with on the other chain: all of it came over the bridge. */
const first = 1_000_000n * coin

type Land = { anvil: Anvil; client: DemoClient; accounts: readonly Hex[]; token: Bound; watch?: TestWatch | undefined }
const lands = {} as Record<Side, Land>
let database: TestDatabase
const folder = mkdtempSync(join(tmpdir(), 'tocsin-totals-'))
let time = 0

beforeAll(async () => {
  for (const side of ['home', 'away'] as const) {
    const anvil = await startAnvil({ chainId: sides[side] })
    const client = connect(anvil.rpcUrl)
    lands[side] = { anvil, client, accounts: await client.getAddresses(), token: { address: '0x', abi } }
  }
  time = Math.floor(Date.now() / 1000) + 100
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await Promise.all(Object.values(lands).map(({ anvil }) => anvil.stop()))
})
beforeEach(async () => {
  database = await createTestDatabase()
  for (const [index, land] of Object.values(lands).entries()) {
    const from = land.accounts[5 + index]!
    const data = encodeDeployData({ abi, bytecode, args: [land.accounts[1]] })
    land.token = {
      address: (await succeeded(land.client, await submit(land.client, { from, data }))).contractAddress!,
      abi,
    }
  }
  // More of it is on the first chain: all that the second has lies in the escrow.
  const { client, accounts, token } = lands.home
  await send(client, token, 'deliver', [`0x${'00'.repeat(32)}`, 500_000n * coin, accounts[0]], { from: accounts[1]! })
  await send(client, token, 'transfer', [escrow, first], { from: accounts[5]! })
  await client.impersonateAccount({ address: escrow })
  await client.setBalance({ address: escrow, value: coin })
  time += 1000
})
afterEach(async () => {
  await stop()
  await database.drop()
})

function start(side: Side): void {
  const path = join(folder, 'tocsin.yaml')
  const { home, away } = lands
  writeFileSync(
    path,
    `chains:
  home: { id: ${sides.home}, rpc: "http://127.0.0.1:1" }
  away: { id: ${sides.away}, rpc: "http://127.0.0.1:1" }
contracts:
  dollar: { chain: home, address: "${home.token.address}" }
  escrow: { chain: home, address: "${escrow}" }
  dollarAway: { chain: away, address: "${away.token.address}" }
monitors:
  bridge:
    use: bridge-conservation
    options:
      locked: { contract: $escrow, holds: $dollar }
      released: { contract: $dollarAway, supply: true }
      grace: 60s
`,
  )
  const config = loadConfig(path, plugIns)
  lands[side].watch = startWatch({
    db: database.db,
    urls: [lands[side].anvil.rpcUrl],
    monitors: config.monitors.filter(({ chainId }) => chainId === sides[side]),
    chain: { id: sides[side], name: side, startAt: 'latest' },
    raise: raiseVerb({
      ...quietContext,
      chains: new Map(config.chains.map((chain) => [chain.id, { ...chain, confirmations: 2 }])),
    }),
    clock: () => new Date(time * 1000),
  })
}

async function stop(...which: Side[]): Promise<void> {
  for (const side of which.length > 0 ? which : (['home', 'away'] as const)) {
    await lands[side].watch?.stop()
    lands[side].watch = undefined
  }
}

async function at(side: Side, seconds = 1): Promise<Land> {
  time += seconds
  await lands[side].client.setNextBlockTimestamp({ timestamp: BigInt(time) })
  return lands[side]
}

async function pass(seconds: number): Promise<void> {
  for (const side of ['home', 'away'] as const) {
    const { client, watch } = await at(side, seconds)
    await client.mine({ blocks: 1 })
    const { number, hash } = await client.getBlock()
    await watch?.reach({ number: Number(number), hash })
  }
}

async function called(side: Side, name: string, args: unknown[], from: Hex): Promise<void> {
  const { client, token } = await at(side)
  await succeeded(client, await send(client, token, name, args, { from }))
}
const lock = (amount: bigint) => called('home', 'transfer', [escrow, amount], lands.home.accounts[0]!)
const unlock = (amount: bigint) => called('home', 'transfer', [friend, amount], escrow)
const mint = (amount: bigint) =>
  called('away', 'deliver', [`0x${'11'.repeat(32)}`, amount, friend], lands.away.accounts[1]!)
const burn = (amount: bigint) => called('away', 'send', [amount, friend], lands.away.accounts[6]!)

async function begin(): Promise<void> {
  start('home')
  start('away')
  await pass(5)
  await pass(200)
}

async function found() {
  const rows = await database.db
    .select()
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(and(eq(sightings.canonical, true), eq(findings.monitor, 'bridge')))
  return rows.map(
    ({ findings: { facts, severity, chainId } }) =>
      `${facts.fault} ${severity} ${chainId === sides.home ? 'home' : 'away'} ${BigInt(String(facts.missing)) / coin}`,
  )
}

test('what goes over honestly in both directions is left alone, however long it is on its way', async () => {
  await begin()
  await lock(5_000n * coin)
  await pass(100)
  await mint(5_000n * coin)
  await pass(100)
  await burn(7_000n * coin)
  await pass(90_000)
  await unlock(7_000n * coin)
  await pass(100)
  await pass(100)
  expect(await found()).toEqual([])
})

test('what is minted for nothing is told of when the other chain was read past it, and over when it is burned', async () => {
  await begin()
  await mint(116_500n * coin)
  await pass(20)
  expect(await found()).toEqual([])
  await pass(100)
  expect(await found()).toEqual(['unbacked critical away 116500'])
  const [finding] = await database.db.select().from(findings).where(eq(findings.monitor, 'bridge'))
  expect(finding?.title).toMatch(
    /^dollarAway on away has released 1116500\d+ in all, for which only 1000000\d+ is locked in escrow on home$/,
  )
  const states = async () => (await database.db.select().from(alerts)).map(({ state, monitor }) => [monitor, state])
  expect(await states()).toEqual([['bridge', 'firing']])
  await burn(116_500n * coin)
  await pass(100)
  await pass(100)
  expect(await states()).toEqual([['bridge', 'resolved']])
})

test('what leaves the escrow and was burned nowhere is told of on that chain', async () => {
  await begin()
  await unlock(400n * coin)
  await pass(100)
  await pass(100)
  expect(await found()).toEqual(['unbacked critical home 400'])
})

test('what is missing when the watch begins, or begins anew, is told once as that', async () => {
  await unlock(300n * coin)
  await begin()
  await pass(100)
  expect(await found()).toEqual(['standing high away 300'])
  await lock(10n * coin)
  await mint(10n * coin)
  await pass(100)
  await pass(100)
  expect(await found()).toEqual(['standing high away 300'])
  await mint(coin)
  await pass(100)
  await pass(100)
  expect((await found()).toSorted()).toEqual(['standing high away 300', 'unbacked critical away 301'])
})

import { and, eq } from 'drizzle-orm'
import type { Hex } from 'viem'
import { beforeEach, expect, test } from 'vitest'
import { send, succeeded } from '../../../demo/send.ts'
import { coin, type Side, twoChains } from '../../../test/harness/twoChains.ts'
import { alerts, findings, sightings } from '../../store/schema.ts'

const escrow: Hex = `0x${'e5'.repeat(20)}`
const friend: Hex = `0x${'f'.padStart(40, '0')}`
/** What the relayed token is made with on the other chain: all of it came over the bridge. */
const first = 1_000_000n * coin
const sides = { home: 41_337, away: 41_338 } as const
const scene = twoChains(sides)
const { lands, at } = scene

beforeEach(async () => {
  // More of it is on the first chain: all that the second has lies in the escrow.
  const { client, accounts, token } = lands.home
  await send(client, token, 'deliver', [`0x${'00'.repeat(32)}`, 500_000n * coin, accounts[0]], { from: accounts[1]! })
  await send(client, token, 'transfer', [escrow, first], { from: accounts[5]! })
  await client.impersonateAccount({ address: escrow })
  await client.setBalance({ address: escrow, value: coin })
})

const configText = () => `contracts:
  dollar: { chain: home, address: "${lands.home.token.address}" }
  escrow: { chain: home, address: "${escrow}" }
  dollarAway: { chain: away, address: "${lands.away.token.address}" }
monitors:
  bridge:
    use: bridge-conservation
    options:
      locked: { contract: $escrow, holds: $dollar }
      released: { contract: $dollarAway, supply: true }
      grace: 60s
`
const start = (side: Side) => scene.start(side, { config: configText(), startAt: 'latest' })

async function pass(seconds: number): Promise<void> {
  for (const side of ['home', 'away'] as const) await scene.mine(side, seconds)
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
  const rows = await scene.db
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
  const [finding] = await scene.db.select().from(findings).where(eq(findings.monitor, 'bridge'))
  expect(finding?.title).toMatch(
    /^dollarAway on away has released 1116500\d+ in all, for which only 1000000\d+ is locked in escrow on home$/,
  )
  const states = async () => (await scene.db.select().from(alerts)).map(({ state, monitor }) => [monitor, state])
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

import { and, asc, eq } from 'drizzle-orm'
import { type Hex, parseEventLogs } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { send, succeeded } from '../../../demo/send.ts'
import { abi, coin, type Side, twoChains } from '../../../test/harness/twoChains.ts'
import { alerts, bridgeLegs, findings, sightings } from '../../store/schema.ts'

const sides = { home: 31_337, away: 31_338 } as const
const scene = twoChains(sides)
const { lands, stop, at } = scene

beforeEach(async () => {
  for (const [index, { client, accounts, token }] of Object.values(lands).entries())
    await send(client, token, 'transfer', [accounts[0], 100_000n * coin], { from: accounts[5 + index]! })
})

const configText = (options: string) => `contracts:
  dollar: { chain: home, address: "${lands.home.token.address}", abi: ["event Sent(bytes32 indexed id, address token, uint256 amount, address indexed to)"] }
  dollarAway: { chain: away, address: "${lands.away.token.address}", abi: ["event Delivered(bytes32 indexed id, address token, uint256 amount, address indexed to)"] }
monitors:
  bridge:
    use: bridge-conservation
    options:
      locked: { contract: $dollar, event: Sent, id: id, token: token, amount: amount, recipient: to }
      released: { contract: $dollarAway, event: Delivered, id: id, token: token, amount: amount, recipient: to }
      tokens: [{ locked: $dollar, released: $dollarAway }]
      grace: 60s
      late: 1h
${options}`

function start(
  side: Side,
  { options = '', ...rest }: { options?: string; startAt?: number; urls?: string[]; quorum?: number } = {},
) {
  scene.start(side, { config: configText(options), ...rest })
}

/** Lets time pass on some chains, and the watches see it. */
async function pass(seconds: number, ...which: Side[]): Promise<void> {
  scene.time += seconds
  for (const side of which.length > 0 ? which : (['home', 'away'] as const)) await scene.mine(side)
}

const thief: Hex = `0x${'bad'.padStart(40, '0')}`
const friend: Hex = `0x${'f'.padStart(40, '0')}`

async function lock(amount: bigint, to: Hex = friend): Promise<Hex> {
  const { client, token, accounts } = await at('home')
  const receipt = await succeeded(client, await send(client, token, 'send', [amount, to], { from: accounts[0]! }))
  const [log] = parseEventLogs({ abi, logs: receipt.logs, eventName: 'Sent' })
  return (log as unknown as { args: { id: Hex } }).args.id
}

async function release(id: Hex, amount: bigint, to: Hex = friend): Promise<void> {
  const { client, token, accounts } = await at('away')
  await succeeded(client, await send(client, token, 'deliver', [id, amount, to], { from: accounts[1]! }))
}

/** What stands of all that was found: what is wrong, how grave it is, and on which chain. */
async function found() {
  const rows = await scene.db
    .select()
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(and(eq(sightings.canonical, true), eq(findings.monitor, 'bridge')))
  const names = rows.map(({ findings: { facts, severity, chainId } }) => {
    return `${facts.fault} ${severity} ${chainId === sides.home ? 'home' : 'away'}`
  })
  return names.toSorted()
}
const ofOurselves = () => scene.db.select().from(findings).where(eq(findings.monitor, 'tocsin'))
const legs = () => scene.db.select().from(bridgeLegs).orderBy(asc(bridgeLegs.timestamp))
const forged: Hex = `0x${'f0'.repeat(32)}`

describe('a bridge over two chains', () => {
  test('is left alone by what was locked and then released, also by a slow relayer', async () => {
    start('home')
    start('away')
    const [first, second] = [await lock(5n * coin), await lock(7n * coin)]
    await release(second, 7n * coin)
    await pass(50 * 60)
    await release(first, 5n * coin)
    await pass(120)
    await pass(4000)
    expect(await found()).toEqual([])
    expect((await legs()).map(({ side, lookAt }) => [side, lookAt])).toEqual([
      ['locked', null],
      ['locked', null],
      ['released', null],
      ['released', null],
    ])
  })

  test('is told of when it releases what nobody locked, once the other chain is read past it', async () => {
    start('home')
    start('away')
    await pass(0)
    await release(forged, 116_500n * coin, thief)
    await pass(58)
    expect(await found()).toEqual([])
    await pass(10)
    expect(await found()).toEqual(['unlocked critical away'])
    const [finding] = await scene.db.select().from(findings)
    expect(finding).toMatchObject({ evidence: 'hard', address: lands.away.token.address.toLowerCase() })
    expect(finding?.title).toMatch(
      /^dollarAway on away released 116500000000000000000000 of 0x.* nothing was locked in/,
    )
    const [alert] = await scene.db.select().from(alerts)
    expect(alert).toMatchObject({ severity: 'critical', state: 'firing', chainId: sides.away, findings: 1 })
  })

  test('is told of at once when it releases twice, more, or to somebody else', async () => {
    start('home')
    start('away')
    const [twice, more, other] = [await lock(coin), await lock(coin), await lock(coin)]
    await pass(0)
    await release(twice, coin)
    await release(twice, coin)
    await release(more, coin + 1n)
    await release(other, coin, thief)
    await pass(0, 'away')
    expect(await found()).toEqual(['again critical away', 'more critical away', 'recipient critical away'])
  })

  test('releases as well whichever chain is read first', async () => {
    const id = await lock(coin)
    await release(id, coin)
    const late = await lock(coin)
    await release(late, 2n * coin)
    start('away')
    await pass(3000, 'away')
    expect(await found()).toEqual([])
    start('home')
    await pass(0, 'home')
    expect(await found()).toEqual(['more critical away'])
  })

  test('that keeps more than its fee, or does not release in time, is told of, and pages nobody', async () => {
    start('home', { options: '      feePercent: 1' })
    start('away', { options: '      feePercent: 1' })
    const [fair, dear] = [await lock(1000n), await lock(1000n)]
    await release(fair, 990n)
    await release(dear, 989n)
    await lock(3n)
    await pass(3590)
    expect(await found()).toEqual(['less medium away'])
    await pass(20)
    expect(await found()).toEqual(['late medium home', 'less medium away'])
  })

  test('whose lock a reorg takes away after the release is told of', async () => {
    start('home')
    start('away')
    await pass(0)
    const { client } = lands.home
    const before = await client.snapshot()
    const id = await lock(9n * coin)
    await pass(0)
    await release(id, 9n * coin)
    await pass(0)
    expect(await found()).toEqual([])
    await client.revert({ id: before })
    await pass(0, 'home')
    for (const _ of [1, 2, 3]) await pass(30)
    expect(await found()).toEqual(['unlocked critical away'])
  })

  test('is taken back what was told of it when a reorg brings the lock; a release that is gone is forgotten', async () => {
    start('home')
    start('away')
    await pass(0)
    const [home, away] = [lands.home.client, lands.away.client]
    // What the chain will be after its reorg is learnt by going there first.
    const early = await home.snapshot()
    const lockedAt = scene.time + 1
    const id = await lock(4n * coin)
    await home.revert({ id: early })
    const beforeLock = await home.snapshot()
    const beforeRelease = await away.snapshot()
    await release(id, 4n * coin)
    await pass(100)
    expect(await found()).toEqual(['unlocked critical away'])
    await home.revert({ id: beforeLock })
    const now = scene.time
    scene.time = lockedAt - 1
    expect(await lock(4n * coin)).toBe(id)
    scene.time = now
    await pass(10, 'home')
    await pass(10)
    expect(await found()).toEqual([])
    await pass(10)
    await pass(10)
    const [alert] = await scene.db.select().from(alerts)
    expect(alert).toMatchObject({ stage: 'retracted', state: 'resolved' })
    await away.revert({ id: beforeRelease })
    await pass(10)
    await pass(10)
    expect((await legs()).map(({ side }) => side)).toEqual(['locked'])
  })

  test('goes on after a restart with all that it knew', async () => {
    start('home')
    start('away')
    const id = await lock(coin)
    await pass(0)
    await release(forged, coin, thief)
    await pass(0)
    await stop()
    start('away')
    start('home')
    await release(id, coin)
    await release(id, coin)
    await pass(70)
    expect(await found()).toEqual(['again critical away', 'unlocked critical away'])
    await stop()
    start('home')
    start('away')
    await pass(10)
    expect(await scene.db.select().from(findings)).toHaveLength(2)
  })

  test('of which one chain is not read is blind, says so, and judges it later', async () => {
    start('home')
    start('away')
    await pass(0)
    await stop('home')
    await release(forged, coin, thief)
    for (const _ of [1, 2]) await pass(59, 'away')
    expect(await ofOurselves()).toEqual([])
    for (const _ of [1, 2, 3]) await pass(40, 'away')
    expect(await found()).toEqual([])
    expect(await ofOurselves()).toMatchObject([
      { severity: 'high', title: expect.stringMatching(/^Monitor bridge is blind: home was read only to/) },
    ])
    start('home')
    await pass(5, 'home')
    expect(await found()).toEqual(['unlocked critical away'])
    const told = await scene.db.select().from(alerts).where(eq(alerts.monitor, 'tocsin'))
    expect(told).toMatchObject([{ state: 'resolved' }])
  })

  test('on a chain that claims to be in the future is judged all the same', async () => {
    start('home')
    start('away')
    await pass(0)
    const now = scene.time
    scene.time += 1_000_000
    await at('away')
    scene.time = now
    const { token, accounts, client } = lands.away
    await succeeded(client, await send(client, token, 'deliver', [forged, coin, thief], { from: accounts[1]! }))
    const { number, hash } = await client.getBlock()
    await lands.away.watch!.reach({ number: Number(number), hash })
    await pass(70, 'home')
    expect(await found()).toEqual(['unlocked critical away'])
    scene.time += 1_000_000
  })

  test('does not believe a lock on which the providers do not agree', async () => {
    start('home', { urls: [lands.home.anvil.rpcUrl, 'http://127.0.0.1:1'], quorum: 2 })
    start('away')
    const id = await lock(coin)
    await release(id, coin)
    for (const _ of [1, 2, 3, 4, 5]) await pass(50)
    const released = (await legs()).filter(({ side }) => side === 'released')
    expect(released).toMatchObject([{ lookAt: expect.any(Number) }])
    expect(await ofOurselves()).toMatchObject([
      { title: expect.stringMatching(/home was read only to .* one release on away waits/) },
    ])
  })

  test('that is older than the watch is not called robbed for what was locked before', async () => {
    const id = await lock(coin)
    const { client } = lands.home
    start('home', { startAt: Number(await client.getBlockNumber()) + 1 })
    start('away')
    await release(id, coin)
    await pass(0)
    await pass(100)
    expect(await found()).toEqual(['older high away'])
  })
})

import { asc } from 'drizzle-orm'
import { encodeDeployData, encodeFunctionData, getContractAddress, type Hex, parseEther } from 'viem'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readArtifact } from '../../demo/artifact.ts'
import { createStage, type Stage } from '../../demo/scenarios/stage.ts'
import type { Bound } from '../../demo/send.ts'
import { type Anvil, startAnvil } from '../../demo/startAnvil.ts'
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { contract } from '../../test/harness/scene.ts'
import { monitor, startWatch, type TestWatch } from '../../test/harness/watchScene.ts'
import { pendingTransactions } from '../detectors/attack/pendingTransactions.ts'
import type { Address } from '../model/chain.ts'
import { alerts, findings } from '../store/schema.ts'

let database: TestDatabase
let anvil: Anvil
let stage: Stage
let watch: TestWatch | undefined

beforeEach(async () => {
  database = await createTestDatabase()
  anvil = await startAnvil({ chainId: 1 })
  stage = await createStage(anvil.rpcUrl)
})
afterEach(async () => {
  await watch?.stop()
  watch = undefined
  await anvil.stop()
  await database.drop()
})

const lower = ({ address }: Bound) => address.toLowerCase() as Address

/** From now on nothing is mined but by `mine`, and what is pending is watched. */
async function watchPending(
  ours: Record<string, Bound>,
  options: object = {},
  url = anvil.rpcUrl.replace('http', 'ws'),
) {
  const on = Object.entries(ours).map(([name, bound]) => contract(name, lower(bound)))
  const compiled = pendingTransactions.compile({
    options: pendingTransactions.options.parse(options),
    targets: on,
    when: undefined,
    names: new Map(on.map((each) => [each.name, each])),
    chain: { name: 'testnet', id: 1 },
  })
  await stage.client.setAutomine(false)
  const one = monitor('pending', compiled, { detector: 'pending-transactions' })
  watch = startWatch({ db: database.db, urls: [url], monitors: [one], chain: { startAt: 'latest' }, timeoutMs: 10_000 })
  await watch.until(() => watch?.status().cursor !== null)
}

type Sent = { from: Hex; value?: bigint; nonce?: number; gasPrice?: bigint; args?: readonly unknown[] }
async function send(to: Bound | null, data: Hex, { from, value = 0n, nonce, gasPrice = 2_000_000_000n }: Sent) {
  const request = { account: from, chain: null, to: to?.address ?? null, value, data, gas: 5_000_000n, gasPrice }
  return stage.client.sendTransaction({ ...request, ...(nonce !== undefined && { nonce }) })
}
const call = (to: Bound, functionName: string, { args = [], ...sent }: Sent) =>
  send(to, encodeFunctionData({ abi: to.abi, functionName, args }), sent)

const told = () => database.db.select().from(alerts).orderBy(asc(alerts.firstSeenAt))
const toldOf = (name = 'pending') => told().then((rows) => rows.filter(({ monitor }) => monitor === name))
const until = (isSo: () => Promise<boolean>) => vi.waitUntil(isSo, { timeout: 20_000, interval: 20 })

const one = parseEther('1')

async function bankOf() {
  const bank = await stage.deploy(readArtifact('CoinBank'))
  for (const from of stage.accounts.slice(2, 10)) await stage.call(bank, 'deposit', [], { from, value: 12n * one })
  return bank
}
const robberOf = (bank: Bound) =>
  stage.deploy(readArtifact('BankRobber'), { args: [bank.address], from: stage.accounts[20]! })
const rob = (robber: Bound, sent: Partial<Sent> = {}) =>
  call(robber, 'rob', { from: stage.accounts[20]!, value: one, args: [30], ...sent })
const mine = () => stage.client.mine({ blocks: 1 })
const ends = async () => (await toldOf()).map(({ state, resolvedBecause }) => [state, resolvedBecause])

describe('an attack that is pending', () => {
  test('is told of before it is mined, and is over when it is', async () => {
    const bank = await bankOf()
    const robber = await robberOf(bank)
    await watchPending({ bank })
    const hash = await rob(robber)
    await until(async () => (await toldOf()).length > 0)
    expect(await toldOf()).toMatchObject([
      { state: 'firing', severity: 'critical', transactionHash: hash, blockNumber: null, address: lower(bank) },
    ])
    expect(await database.db.select().from(findings)).toMatchObject([
      {
        title: expect.stringMatching(
          /^A pending transaction of 0x\w{4}…\w{4} would take 29 ETH \(30.2 %\) out of bank/,
        ),
      },
    ])
    await mine()
    await until(async () => (await toldOf())[0]?.state === 'resolved')
    const { blockNumber } = await stage.client.getTransactionReceipt({ hash })
    expect(await ends()).toEqual([['resolved', `it was mined in block ${blockNumber}`]])
  })

  test('is told of once, whatever fee it is sent with again, and is over when its sender thinks better of it', async () => {
    const bank = await bankOf()
    const robber = await robberOf(bank)
    await watchPending({ bank })
    const nonce = await stage.client.getTransactionCount({ address: stage.accounts[20]! })
    await rob(robber, { nonce })
    await until(async () => (await toldOf()).length > 0)
    const dearer = await rob(robber, { nonce, gasPrice: 4_000_000_000n })
    await until(async () => (await database.db.select().from(findings)).some((each) => each.transactionHash === dearer))
    expect(await ends()).toEqual([['firing', null]])
    const retreat = await send({ address: stage.accounts[20]!, abi: [] }, '0x', {
      ...{ from: stage.accounts[20]!, nonce, gasPrice: 9_000_000_000n },
    })
    await until(async () => (await toldOf())[0]?.state === 'resolved')
    expect(await ends()).toEqual([['resolved', `its sender replaced it by ${retreat}, which would take nothing`]])
  })

  test('is seen before its contract is there, where that is pending as well', async () => {
    const bank = await bankOf()
    const { abi, bytecode } = readArtifact('BankRobber')
    await watchPending({ bank })
    const from = stage.accounts[20]!
    const nonce = await stage.client.getTransactionCount({ address: from })
    await send(null, encodeDeployData({ abi, bytecode, args: [bank.address] }), { from, nonce })
    const address = getContractAddress({ from, nonce: BigInt(nonce) })
    const hash = await rob({ address, abi }, { nonce: nonce + 1 })
    await until(async () => (await toldOf()).length > 0)
    expect(await toldOf()).toMatchObject([{ severity: 'critical', transactionHash: hash }])
  })

  test('is followed on after a restart, and told of again where a reorg lets it be pending again', async () => {
    const bank = await bankOf()
    const robber = await robberOf(bank)
    await watchPending({ bank })
    const before = await stage.client.snapshot()
    const hash = await rob(robber)
    await until(async () => (await toldOf()).length > 0)
    await watch!.stop()
    await mine()
    await watchPending({ bank })
    await until(async () => (await toldOf())[0]?.state === 'resolved')
    await stage.client.revert({ id: before })
    expect(await rob(robber)).toBe(hash)
    await until(async () => (await toldOf()).some(({ state }) => state === 'firing'))
    expect((await toldOf()).map(({ transactionHash }) => transactionHash)).toContain(hash)
  })

  test('on the power over a contract is told of, and the same by its owner is not', async () => {
    const [owner, heir, thief] = [stage.accounts[1]!, stage.accounts[3]!, stage.accounts[20]!]
    const box = await stage.deploy(readArtifact('OpenInitializer'))
    await stage.call(box, 'initialize', [owner])
    await watchPending({ box })
    await call(box, 'initialize', { from: owner, args: [heir] })
    const hash = await call(box, 'initialize', { from: thief, args: [thief] })
    await until(async () => (await toldOf()).length > 0)
    expect(await toldOf()).toMatchObject([
      {
        ...{ severity: 'critical', transactionHash: hash, findings: 1 },
        title: expect.stringMatching(
          /who has no say in it, would hand box over from 0x\w{4}…\w{4} to 0x\w{4}…\w{4} as its owner$/,
        ),
      },
    ])
  })
})

describe('what its sender is entitled to', () => {
  /** Comes after all others, and is told of: whoever has not been told of them then never will be. */
  async function onlyTheLast(box: Bound): Promise<void> {
    const hash = await call(box, 'initialize', { from: stage.accounts[22]!, args: [stage.accounts[22]!] })
    await until(async () => (await toldOf()).length > 0)
    expect((await toldOf()).map(({ transactionHash }) => transactionHash)).toEqual([hash])
  }
  async function boxOf(): Promise<Bound> {
    const box = await stage.deploy(readArtifact('OpenInitializer'))
    await stage.call(box, 'initialize', [stage.accounts[1]!])
    return box
  }

  test('is not spoken of: deposits of a bank, by hand and by a contract of today', async () => {
    const [bank, box] = [await bankOf(), await boxOf()]
    const customer = stage.accounts[11]!
    const router = await stage.deploy(readArtifact('BankRouter'), { args: [bank.address], from: customer })
    await watchPending({ bank, box })
    await call(bank, 'withdraw', { from: stage.accounts[2]!, args: [12n * one] })
    await call(router, 'inParts', { from: customer, value: 3n * one, args: [6n] })
    await onlyTheLast(box)
  })

  test('is not spoken of: most of the shares of a vault', async () => {
    const [deployer, ana, ben] = stage.accounts
    const dollar = await stage.deploy(readArtifact('DemoDollar'), { args: [deployer] })
    const [vault, box] = [await stage.deploy(readArtifact('ZapVault'), { args: [dollar.address] }), await boxOf()]
    for (const [user, amount] of [
      [ana!, 3_000_000n],
      [ben!, 500_000n],
    ] as const) {
      await stage.call(dollar, 'mint', [user, amount])
      await stage.call(dollar, 'approve', [vault.address, amount], { from: user })
      await stage.call(vault, 'deposit', [amount, user], { from: user })
    }
    await watchPending({ vault, dollar, box })
    await call(vault, 'redeem', { from: ana!, args: [3_000_000n, ana, ana] })
    await onlyTheLast(box)
  })

  test('is not spoken of: a large swap in a pool', async () => {
    const deployer = stage.accounts[0]!
    const tokens = [1, 2].map(() => stage.deploy(readArtifact('DemoDollar'), { args: [deployer] }))
    const [usd, eur] = [await tokens[0]!, await tokens[1]!]
    const [pair, box] = [
      await stage.deploy(readArtifact('AcmePair'), { args: [usd.address, eur.address] }),
      await boxOf(),
    ]
    for (const token of [usd, eur]) {
      await stage.call(token, 'mint', [deployer, 10_000_000n])
      await stage.call(token, 'approve', [pair.address, 10_000_000n])
    }
    await stage.call(pair, 'addLiquidity', [1_000_000n, 1_000_000n])
    await watchPending({ pair, usd, eur, box })
    await call(pair, 'swap', { from: deployer, args: [usd.address, 400_000n, 0n, deployer] })
    await onlyTheLast(box)
  })
})

describe('what cannot be seen is said', () => {
  test('once, where no provider tells of pending transactions', async () => {
    const bank = await bankOf()
    await watchPending({ bank }, {}, anvil.rpcUrl)
    await until(async () => (await toldOf('tocsin')).length > 0)
    for (let blocks = 0; blocks < 5; blocks++) await mine()
    expect(await toldOf('tocsin')).toMatchObject([
      {
        ...{ state: 'firing', severity: 'medium', findings: 1 },
        title: expect.stringMatching(
          /^Monitor pending sees no pending transactions of testnet: none has a WebSocket URL/,
        ),
      },
    ])
  })

  test('a flood is not tried in full, in which an attack is found all the same', async () => {
    const bank = await bankOf()
    const robber = await robberOf(bank)
    await watchPending({ bank })
    const data = encodeFunctionData({ abi: bank.abi, functionName: 'deposit' })
    const senders = stage.accounts.slice(2, 20)
    const nonces = await Promise.all(senders.map((address) => stage.client.getTransactionCount({ address })))
    const flood = async (from: number, to: number) => {
      const requests = Array.from({ length: to - from }, (_, place) => {
        const who = place % senders.length
        const request = { from: senders[who], to: bank.address, data, gas: '0x30d40', gasPrice: '0x77359400' }
        const params = [{ ...request, nonce: `0x${(nonces[who]!++).toString(16)}` }]
        return { jsonrpc: '2.0', id: place, method: 'eth_sendTransaction', params }
      })
      await fetch(anvil.rpcUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requests),
      }).then((answer) => answer.text())
    }
    await flood(0, 2_500)
    const hash = await rob(robber)
    await flood(2_500, 5_000)
    await until(async () => (await toldOf()).length > 0)
    expect(await toldOf()).toMatchObject([{ transactionHash: hash, severity: 'critical' }])
    await until(async () => (await toldOf('tocsin')).length > 0)
    const [said] = await toldOf('tocsin')
    expect(said).toMatchObject({ severity: 'medium', title: expect.stringMatching(/that it had no time to try$/) })
    expect(
      Number((await database.db.select().from(findings)).find(({ monitor }) => monitor === 'tocsin')!.facts.count),
    ).toBeGreaterThan(1_000)
  }, 90_000)
})

import { asc } from 'drizzle-orm'
import { encodeFunctionData, type Hex, parseEther } from 'viem'
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

async function bankOf() {
  const bank = await stage.deploy(readArtifact('CoinBank'))
  for (const from of stage.accounts.slice(2, 10))
    await stage.call(bank, 'deposit', [], { from, value: parseEther('12') })
  return bank
}

describe('an attack that is pending', () => {
  test('is told of before it is mined, and is over when it is', async () => {
    const bank = await bankOf()
    const thief = stage.accounts[20]!
    const robber = await stage.deploy(readArtifact('BankRobber'), { args: [bank.address], from: thief })
    await watchPending({ bank })
    const hash = await call(robber, 'rob', { from: thief, value: parseEther('1'), args: [30] })
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
    await stage.client.mine({ blocks: 1 })
    await until(async () => (await toldOf())[0]?.state === 'resolved')
    const mined = await stage.client.getTransactionReceipt({ hash })
    expect((await toldOf()).map(({ resolvedBecause }) => resolvedBecause)).toEqual([
      `it was mined in block ${mined.blockNumber}`,
    ])
  })
})

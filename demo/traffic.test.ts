import { parseEventLogs, type TransactionReceipt } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attacks } from './attacks.ts'
import { connect, type DemoClient } from './connect.ts'
import { deployProtocol } from './deployProtocol.ts'
import type { Protocol } from './protocol.ts'
import { readAmount, send, succeeded } from './send.ts'
import { type Anvil, startAnvil } from './startAnvil.ts'
import { runTraffic } from './traffic.ts'

let anvil: Anvil
let client: DemoClient
let protocol: Protocol

beforeEach(async () => {
  anvil = await startAnvil()
  client = connect(anvil.rpcUrl)
  protocol = await deployProtocol(client)
})
afterEach(() => anvil.stop())

/** Life without pauses, until so many transactions were mined. */
async function liveThrough(count: number, onMinedToo?: (count: number) => Promise<unknown>) {
  const ending = new AbortController()
  const seen = { success: 0, reverted: 0 }
  const errors: unknown[] = []
  await runTraffic({
    client,
    protocol,
    pace: 0,
    signal: ending.signal,
    onMined(status) {
      seen[status]++
      const total = seen.success + seen.reverted
      onMinedToo?.(total).catch((error) => errors.push(error))
      if (total === count) ending.abort()
    },
    onError: (error) => errors.push(error),
  })
  return { ...seen, errors }
}

async function allReceipts(from: number): Promise<TransactionReceipt[]> {
  const last = Number(await client.getBlockNumber())
  const receipts: TransactionReceipt[] = []
  for (let number = from; number <= last; number++) {
    const { transactions } = await client.getBlock({ blockNumber: BigInt(number) })
    for (const hash of transactions) receipts.push(await client.getTransactionReceipt({ hash }))
  }
  return receipts
}

test('a day of ordinary life is lively and holds no surprise', async () => {
  const { contracts } = protocol
  const shareOf = () => readAmount(client, contracts.vault, 'convertToAssets', [10n ** 6n])
  const treasuryBefore = await readAmount(client, contracts.dusd, 'balanceOf', [contracts.treasury.address])
  const start = Number(await client.getBlockNumber()) + 1
  const shareBefore = await shareOf()
  const minutes = async () => client.increaseTime({ seconds: 144 })
  const { success, reverted, errors } = await liveThrough(600, minutes)

  expect(errors).toEqual([])
  expect(success + reverted).toBeGreaterThanOrEqual(600)
  expect(reverted).toBeGreaterThan(0)
  expect(reverted / (success + reverted)).toBeLessThan(0.04)

  const abi = Object.values(contracts).flatMap(({ abi }) => abi)
  const logs = (await allReceipts(start)).flatMap((receipt) => receipt.logs)
  const names = new Set(parseEventLogs({ abi, logs }).map(({ eventName }) => String(eventName)))
  const expected = ['Deposit', 'Withdraw', 'Swap', 'AnswerUpdated', 'Dripped', 'Borrow', 'Repay', 'ExecutionSuccess']
  expect([...names]).toEqual(
    expect.arrayContaining([...expected, 'ProposalCreated', 'ProposalExecuted', 'RateChanged']),
  )
  for (const privileged of ['Upgraded', 'RoleGranted', 'RoleRevoked', 'Paused', 'OwnershipTransferred', 'FlashLoan'])
    expect(names).not.toContain(privileged)

  const withdrawals = parseEventLogs({ abi: contracts.vault.abi, logs, eventName: 'Withdraw' })
  for (const { args } of withdrawals) expect((args as { assets: bigint }).assets).toBeLessThanOrEqual(300_000_000n)
  expect(await shareOf()).toBeGreaterThan(shareBefore)
  const [, price] = (await client.readContract({ ...contracts.feed, functionName: 'latestRoundData' })) as bigint[]
  expect(Number(price) / 1e8).toBeCloseTo(2, 0)
  const treasuryAfter = await readAmount(client, contracts.dusd, 'balanceOf', [contracts.treasury.address])
  expect(Number(treasuryAfter) / Number(treasuryBefore)).toBeGreaterThan(0.9)
})

test('life goes on through every attack and a pause', async () => {
  const { vault } = protocol.contracts
  const { guardian, admin } = protocol.accounts
  const played: string[] = []
  const ending = new AbortController()
  let mined = 0
  const errors: unknown[] = []
  const life = runTraffic({
    client,
    protocol,
    pace: 0,
    signal: ending.signal,
    onMined: () => mined++,
    onError: (error) => errors.push(error),
  })
  for (const attack of attacks.values()) {
    await attack.run({ client, protocol, pauseMs: 0 })
    played.push(attack.name)
  }
  await succeeded(client, await send(client, vault, 'pause', [], { from: guardian }))
  const atPause = mined
  await expect.poll(() => mined).toBeGreaterThan(atPause + 20)
  await succeeded(client, await send(client, vault, 'unpause', [], { from: admin }))
  ending.abort()
  await life
  expect(played).toEqual([...attacks.keys()])
  expect(errors).toEqual([])
})

test('a chain that is gone ends nothing but the transactions', async () => {
  const ending = new AbortController()
  const failed = Promise.withResolvers<string>()
  const life = runTraffic({
    client,
    protocol,
    pace: 0,
    signal: ending.signal,
    onError: (_, actor) => failed.resolve(actor),
  })
  await anvil.stop()
  expect(await failed.promise).toMatch(/user|keeper|treasurer|voters/)
  ending.abort()
  await life
})

import { type Hex, parseEther, parseEventLogs, toFunctionSelector, zeroAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { attacks } from './attacks.ts'
import { connect, type DemoClient } from './connect.ts'
import { deployProtocol } from './deployProtocol.ts'
import type { ContractName, Protocol } from './protocol.ts'
import { readAmount, send, succeeded } from './send.ts'
import { type Anvil, startAnvil } from './startAnvil.ts'

const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

let anvil: Anvil
let client: DemoClient
let protocol: Protocol
let snapshot: Hex

beforeAll(async () => {
  anvil = await startAnvil()
  client = connect(anvil.rpcUrl)
  protocol = await deployProtocol(client)
  snapshot = await client.snapshot()
})
afterAll(() => anvil.stop())
beforeEach(async () => {
  await client.revert({ id: snapshot })
  snapshot = await client.snapshot()
})

const dollarsOf = (address: Hex) => readAmount(client, protocol.contracts.dusd, 'balanceOf', [address])
const dollarsIn = (name: ContractName) => dollarsOf(protocol.contracts[name].address)

/** Runs an attack in haste, and tells what became of each of its transactions. */
async function play(name: string) {
  const attack = attacks.get(name)!
  const { transactions } = await attack.run({ client, protocol, pauseMs: 0 })
  return Promise.all(transactions.map((hash) => client.getTransactionReceipt({ hash })))
}

/** How often each event of the vault was sent in a transaction. */
function vaultEvents(receipt: { logs: Parameters<typeof parseEventLogs>[0]['logs'] } | undefined): string[] {
  const { vault } = protocol.contracts
  const logs = receipt?.logs.filter(({ address }) => address === vault.address) ?? []
  return parseEventLogs({ abi: vault.abi, logs }).map(({ eventName }) => eventName ?? '')
}

const implementation = async () =>
  `0x${(await client.getStorageAt({ address: protocol.contracts.vault.address, slot: implementationSlot }))!.slice(26)}`

/** What everybody could do before must still work, or the demo would be over after one attack. */
async function ordinaryUseWorks() {
  const { vault, pair, dusd, market } = protocol.contracts
  const user = protocol.accounts.users[0]!
  for (const [contract, name, args] of [
    [vault, 'deposit', [1_000_000n, user]],
    [vault, 'withdraw', [500_000n, user, user]],
    [pair, 'swap', [dusd.address, 1_000_000n, 0n, user]],
    [market, 'repay', [1_000_000n]],
  ] as const)
    await succeeded(client, await send(client, contract, name, args, { from: user }))
}

test('every attack has its manual', () => {
  for (const [name, { title, story }] of attacks) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(title).toBeTruthy()
    expect(story.match(/[.]( |$)/g)).toHaveLength(2)
  }
})

describe('reentrancy-drain', () => {
  test('takes half of the vault in each strike, by four withdrawals within another', async () => {
    const before = await dollarsIn('vault')
    const [, ...strikes] = await play('reentrancy-drain')
    expect(strikes.map(({ status }) => status)).toEqual(['success', 'success', 'success'])
    for (const strike of strikes)
      expect(vaultEvents(strike).filter((name) => name === 'Withdraw')).toEqual(Array(4).fill('Withdraw'))
    const left = await dollarsIn('vault')
    expect(left * 5n).toBeLessThan(before)
    expect(await dollarsOf(protocol.accounts.thief)).toBe(before - left)
    await ordinaryUseWorks()
  })

  test('the withdrawals are truly nested calls', async () => {
    const [, strike] = await play('reentrancy-drain')
    type Call = { type: string; to?: Hex; input: Hex; calls?: Call[] }
    const trace: Call = await client.request({
      method: 'debug_traceTransaction',
      params: [strike!.transactionHash, { tracer: 'callTracer' }],
    } as never)
    const exit = toFunctionSelector('exit(address)')
    const leaves = (call: Call) =>
      call.to === protocol.contracts.vault.address && call.type === 'CALL' && call.input.startsWith(exit)
    const depth = (call: Call): number => (leaves(call) ? 1 : 0) + Math.max(0, ...(call.calls ?? []).map(depth))
    expect(depth(trace)).toBe(4)
  })

  test('is stopped by a pause after the first strike', async () => {
    const { vault } = protocol.contracts
    const before = await dollarsIn('vault')
    await succeeded(client, await send(client, vault, 'pause', [], { from: protocol.accounts.guardian }))
    const receipts = await play('reentrancy-drain')
    expect(receipts.map(({ status }) => status)).toEqual(['success', 'reverted'])
    expect(await dollarsIn('vault')).toBe(before)
  })
})

test('price-manipulation empties the market and leaves it collateral of less worth', async () => {
  const { market, feed } = protocol.contracts
  const before = await dollarsIn('market')
  const [, strike] = await play('price-manipulation')
  expect(strike?.status).toBe('success')
  expect(await dollarsIn('market')).toBe((before * 2n) / 3n)
  expect(await dollarsOf(protocol.accounts.thief)).toBeGreaterThan(400_000n * 10n ** 6n)
  const answers = parseEventLogs({ abi: feed.abi, logs: strike!.logs, eventName: 'AnswerUpdated' })
  expect(answers).toHaveLength(2)
  expect(await readAmount(client, market, 'totalDebt')).toBeGreaterThan(before / 3n)
  await ordinaryUseWorks()
})

test('malicious-upgrade announces another implementation and takes four fifths', async () => {
  const before = await dollarsIn('vault')
  const old = await implementation()
  const [, upgrade] = await play('malicious-upgrade')
  expect(vaultEvents(upgrade)).toEqual(['Upgraded'])
  expect(await implementation()).not.toBe(old)
  expect(await dollarsOf(protocol.accounts.thief)).toBe((before * 4n) / 5n)
  await ordinaryUseWorks()
})

test('silent-upgrade changes the implementation without any event and takes seven tenths', async () => {
  const before = await dollarsIn('vault')
  const old = await implementation()
  const [, , change] = await play('silent-upgrade')
  expect(change?.status).toBe('success')
  expect(change?.logs).toEqual([])
  expect(await implementation()).not.toBe(old)
  expect(await dollarsOf(protocol.accounts.thief)).toBe((before * 7n) / 10n)
  await ordinaryUseWorks()
})

test('role-grab makes a fresh account strategist, which takes three tenths', async () => {
  const before = await dollarsIn('vault')
  const receipts = await play('role-grab')
  expect(receipts.map(({ status }) => status)).toEqual(Array(4).fill('success'))
  expect(vaultEvents(receipts[2])).toEqual(['RoleGranted'])
  const fresh = receipts[3]!.from
  expect(await client.getTransactionCount({ address: fresh })).toBe(1)
  expect(await dollarsOf(fresh)).toBe((before * 3n) / 10n)
  await ordinaryUseWorks()
})

test('treasury-outflow moves nine tenths of dollars, ACME and ether with two signatures', async () => {
  const { dusd, votes, treasury } = protocol.contracts
  const { thief } = protocol.accounts
  const tokens = [dusd, votes]
  const before = await Promise.all(tokens.map((token) => readAmount(client, token, 'balanceOf', [treasury.address])))
  const receipts = await play('treasury-outflow')
  expect(receipts.map(({ status }) => status)).toEqual(Array(3).fill('success'))
  for (const [index, token] of tokens.entries())
    expect(await readAmount(client, token, 'balanceOf', [thief])).toBe((before[index]! * 9n) / 10n)
  expect(await client.getBalance({ address: treasury.address })).toBe(parseEther('90'))
})

test('failed-burst sends forty calls that all revert', async () => {
  const receipts = await play('failed-burst')
  expect(receipts.map(({ status }) => status)).toEqual(Array(40).fill('reverted'))
})

test('every attack can be repeated, after every other one', async () => {
  for (const name of [...attacks.keys(), ...attacks.keys()]) {
    const receipts = await play(name)
    if (name === 'failed-burst') continue
    expect(
      receipts.map(({ status }) => status),
      name,
    ).not.toContain('reverted')
  }
  await ordinaryUseWorks()
  expect(await implementation()).not.toBe(zeroAddress)
})

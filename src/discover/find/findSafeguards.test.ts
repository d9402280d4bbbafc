import { type Hex, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../demo/connect.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { account } from '../../../test/harness/node/block.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { nameContracts } from '../facts/nameContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { proposeSafeguards } from '../propose/proposeSafeguards.ts'
import { findSafeguards } from './findSafeguards.ts'

let anvil: Anvil
let client: ChainClient

beforeAll(async () => {
  anvil = await startAnvil()
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
})
afterAll(async () => {
  client.close()
  await anvil.stop()
})

let places = 0x5afe00
/** A contract of ours that names another. */
const ruled: Address = account(0x5afeff)

/** What `tocsin init` proposes for a contract that speaks of some functions and answers each with one word. */
async function proposed(
  getters: readonly string[],
  answer: bigint,
  { role = 'protected', kind }: { role?: 'protected' | 'dependency'; kind?: Pointer['kind'] } = {},
) {
  const address: Address = account(places++)
  const pushed = getters.map((getter) => `63${toFunctionSelector(`${getter}()`).slice(2)}50`).join('')
  const word = answer.toString(16).padStart(64, '0')
  const bytecode: Hex = `0x${pushed}7f${word}5f5260205ff3`
  await connect(anvil.rpcUrl).setCode({ address, bytecode })
  const { header, facts } = await inspectContracts(client, kind ? [address, ruled] : [address])
  const named = nameContracts(
    facts.map((each) => ({ facts: each, role: each.address === ruled ? 'protected' : role })),
    kind ? [{ from: ruled, to: address, kind, name: 'owner', where: 'owner()' }] : [],
  )
  const safeguards = await findSafeguards(client, header, named)
  return proposeSafeguards(named, safeguards).map(({ use, severity, options }) => [use, severity, options?.invariant])
}

test.each<[string, string, bigint, string]>([
  ['fewer who must agree', 'requiredSignatures', 3n, 'requiredSignatures() >= 3'],
  ['fewer who must agree, by a getter', 'getQuorum', 2n, 'getQuorum() >= 2'],
  ['half of the time to stop something', 'withdrawalDelay', 86_401n, 'withdrawalDelay() >= 43201'],
  ['ten times as much as may leave', 'dailyLimit', 5_000n, 'dailyLimit() <= 50000'],
  ['a tenth of the price, or ten times it', 'rate', 100n, 'rate() * 10 >= 100 and rate() <= 1000'],
  ['ten times the fee', 'swapFee', 30n, 'swapFee() <= 300'],
])('%s pages', async (_, getter, value, invariant) => {
  expect(await proposed([getter], value)).toEqual([['state', 'high', invariant]])
})

test.each<[string, string[], bigint]>([
  ['one who decides alone', ['required'], 1n],
  ['more than can sign', ['required'], 256n],
  ['no time at all', ['challengePeriod'], 0n],
  ['what is no limit', ['dailyLimit'], 2n ** 256n - 1n],
  ['a getter that nobody knows', ['requirement'], 3n],
])('%s protects nothing', async (_, getters, value) => {
  expect(await proposed(getters, value)).toEqual([])
})

test('each number of a contract is kept and of who has power over it; those of others are their own affair', async () => {
  expect(await proposed(['required', 'cooldown'], 9n)).toHaveLength(2)
  const [role, kind] = ['dependency', 'power'] as const
  expect(await proposed(['required'], 9n, { role, kind })).toEqual([['state', 'high', 'required() >= 9']])
  expect(await proposed(['required'], 9n, { role, kind: 'use' })).toEqual([])
  expect(await proposed(['required'], 9n, { role })).toEqual([])
})

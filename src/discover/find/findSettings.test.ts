import { type Hex, keccak256, toFunctionSelector, toHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArtifact } from '../../../demo/artifact.ts'
import { spotMarket } from '../../../demo/scenarios/oracle/spotMarket.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import type { Bound } from '../../../demo/send.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { nameContracts } from '../facts/nameContracts.ts'
import type { Proposal } from '../propose/proposal.ts'
import { proposeSettings } from '../propose/proposeSettings.ts'
import { findSettings } from './findSettings.ts'

let anvil: Anvil
let client: ChainClient
let stage: Stage

beforeAll(async () => {
  anvil = await startAnvil({ keepsAll: true })
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
  stage = await createStage(anvil.rpcUrl)
})
afterAll(async () => {
  client.close()
  await anvil.stop()
})

const selector = (name: string) => toFunctionSelector(name)

/** What `tocsin init` proposes, where other monitors are there already. */
async function proposed({ address }: Bound, others: readonly Proposal[] = []) {
  const { header, facts } = await inspectContracts(client, [address.toLowerCase() as Address])
  const named = nameContracts(
    facts.map((each) => ({ facts: each, role: 'protected' as const })),
    [],
  )
  const settings = await findSettings(client, header, facts)
  return proposeSettings(named, settings, others).map(({ use, options }) => [use, options])
}

async function payer(recipient: Hex) {
  const [token, treasury, keeper] = stage.accounts as [Hex, Hex, Hex]
  const bound = await stage.deploy(readArtifact('GrantPayer'), { args: [token, treasury, keeper] })
  await stage.call(bound, 'setGrant', [recipient, 1n], { from: keeper })
  return bound
}
const recipient = [selector('recipient()')]

test('who is paid is a setting, and what stands in the code is none', async () => {
  expect(await proposed(await payer(stage.accounts[5]!))).toEqual([['key-settings', { values: recipient }]])
})

test('nobody, and what looks like a number, is none', async () => {
  expect(await proposed(await payer(zeroAddress))).toEqual([])
  expect(await proposed(await payer('0x00000000000000000000000000000000000f4240'))).toEqual([])
})

test('what another monitor reads is left to it', async () => {
  const account = stage.accounts[5]!
  const bound = await payer(account)
  const map = (link: object): Proposal => ({
    name: 'map',
    use: 'dependency-map',
    on: [],
    why: [],
    options: { links: [link] },
  })
  expect(await proposed(bound, [map({ in: '$contract', call: recipient[0] })])).toEqual([])
  expect(await proposed(bound, [map({ in: '$contract', slot: '0x0', is: account })])).toEqual([])
  // It is paid and, say, the keeper, which are two things.
  expect(await proposed(bound, [map({ in: '$contract', call: '0xaced1661', is: account })])).toHaveLength(1)
  expect(await proposed(bound, [map({ in: '$other', call: recipient[0] })])).toHaveLength(1)
})

test('the sums of prices of a pair are numbers, though they look like hashes', async () => {
  const { pair, use } = await spotMarket(stage)
  await use()
  expect(await proposed(pair)).toEqual([])
})

test('a root that was another one before is restless', async () => {
  const [token, owner] = stage.accounts as [Hex, Hex]
  const distributor = await stage.deploy(readArtifact('RootDistributor'), { args: [token, owner, owner] })
  const publish = (n: number) => stage.call(distributor, 'setMerkleRoot', [keccak256(toHex(n))], { from: owner })
  const values = [selector('merkleRoot()')]
  await publish(1)
  expect(await proposed(distributor)).toEqual([['key-settings', { values }]])
  await stage.mine(6)
  await publish(2)
  await stage.mine(4)
  expect(await proposed(distributor)).toEqual([['key-settings', { values, restless: values }]])
})

test('peers on other chains are a list, and entries of accounts are none', async () => {
  const [owner, timelock, endpoint] = stage.accounts as [Hex, Hex, Hex]
  const token = await stage.deploy(readArtifact('PeerToken'), { args: [owner, timelock, endpoint] })
  expect(await proposed(token)).toEqual([['key-settings', { lists: [selector('peers(uint32)')] }]])
})

test('what is kept by a key of 32 bytes is keyed', async () => {
  const [owner, updater, token] = stage.accounts as [Hex, Hex, Hex]
  const inbox = await stage.deploy(readArtifact('RootInbox'), { args: [owner, updater, token, keccak256('0x01')] })
  const keyed = expect.arrayContaining([selector('rootOf(bytes32)')])
  expect(await proposed(inbox)).toEqual([['key-settings', { values: [selector('committedRoot()')], keyed }]])
})

test('who stands at the places of a list, and in a slot that no function tells, is a setting', async () => {
  const [token, chief, ...payees] = stage.accounts.slice(0, 5) as [Hex, Hex, ...Hex[]]
  const args = [token, chief, payees, payees.map(() => 1n)]
  const splitter = await stage.deploy(readArtifact('ShareSplitter'), { args })
  const values = payees.map(
    (_, place) => `${toFunctionSelector('payees(uint256)')}${place.toString().padStart(64, '0')}`,
  )
  const slots = [keccak256(toHex('acme.splitter.chief'))]
  expect(await proposed(splitter)).toEqual([['key-settings', { values }]])
  await stage.mine(10)
  expect(await proposed(splitter)).toEqual([['key-settings', { values, slots }]])
  const map = {
    name: 'map',
    use: 'dependency-map',
    on: [],
    why: [],
    options: { links: [{ in: '$contract', slot: slots[0] }] },
  }
  expect(await proposed(splitter, [map])).toEqual([['key-settings', { values }]])
})

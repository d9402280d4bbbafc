import { formatUnits, type Hex, keccak256, parseEther, stringToHex, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type DemoClient } from './connect.ts'
import { deployProtocol } from './deployProtocol.ts'
import type { ContractName, Protocol } from './protocol.ts'
import { readAmount } from './send.ts'
import { type Anvil, startAnvil } from './startAnvil.ts'

let anvil: Anvil
let client: DemoClient
let protocol: Protocol

beforeAll(async () => {
  anvil = await startAnvil()
  client = connect(anvil.rpcUrl)
  protocol = await deployProtocol(client)
})
afterAll(() => anvil.stop())

const ask = (name: ContractName, functionName: string, ...args: unknown[]) =>
  client.readContract({ ...protocol.contracts[name], functionName, args })
const lower = (value: unknown) => String(value).toLowerCase()
const addresses = ({ contracts }: Protocol) => Object.values(contracts).map(({ address }) => address)

test('stands at the same addresses on every fresh chain', async () => {
  const other = await startAnvil()
  try {
    expect(addresses(await deployProtocol(connect(other.rpcUrl)))).toEqual(addresses(protocol))
    expect(addresses(protocol)).toEqual(addresses(protocol).map((address) => address.toLowerCase()))
  } finally {
    await other.stop()
  }
})

test('every contract has code', async () => {
  for (const address of addresses(protocol)) expect((await client.getCode({ address }))?.length).toBeGreaterThan(100)
})

test('the vault holds four millions, the market lends, the feed says two dollars', async () => {
  const { dusd, vault, market } = protocol.contracts
  expect(formatUnits(await readAmount(client, vault, 'totalAssets'), 6)).toBe('3990000')
  expect(formatUnits(await readAmount(client, dusd, 'balanceOf', [market.address]), 6)).toBe('2960000')
  expect(await ask('feed', 'latestRoundData')).toEqual([1n, 200_000_000n, expect.anything(), expect.anything(), 1n])
})

test('each role of the vault has the holder that the record names', async () => {
  const { accounts, roles, contracts } = protocol
  const holders: [Hex, Hex][] = [
    [roles.admin, accounts.admin],
    [roles.admin, contracts.timelock.address],
    [roles.guardian, accounts.guardian],
    [roles.strategist, accounts.strategist],
    [roles.upgrader, accounts.upgrader],
  ]
  for (const [role, holder] of holders) expect(await ask('vault', 'hasRole', role, holder)).toBe(true)
  expect(await ask('vault', 'hasRole', roles.admin, accounts.deployer)).toBe(false)
})

test('the DAO rules market and rewards through its timelock, and the deployer has no say', async () => {
  const { timelock, governor } = protocol.contracts
  expect(lower(await ask('market', 'owner'))).toBe(timelock.address)
  expect(lower(await ask('rewards', 'owner'))).toBe(timelock.address)
  expect(await ask('timelock', 'hasRole', keccak256(stringToHex('PROPOSER_ROLE')), governor.address)).toBe(true)
  expect(await ask('timelock', 'hasRole', zeroHash, protocol.accounts.deployer)).toBe(false)
})

test('the treasury is a Safe of two out of three, with dollars, ACME and ether', async () => {
  const { dusd, votes, treasury } = protocol.contracts
  expect(await ask('treasury', 'VERSION')).toBe('1.4.1')
  expect(await ask('treasury', 'getThreshold')).toBe(2n)
  expect(((await ask('treasury', 'getOwners')) as Hex[]).map(lower)).toEqual(protocol.accounts.signers)
  expect(formatUnits(await readAmount(client, dusd, 'balanceOf', [treasury.address]), 6)).toBe('2500000')
  expect(formatUnits(await readAmount(client, votes, 'balanceOf', [treasury.address]), 18)).toBe('800000')
  expect(await client.getBalance({ address: treasury.address })).toBe(parseEther('900'))
})

import { type Hex, keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../demo/connect.ts'
import { deployProtocol } from '../../../demo/deployProtocol.ts'
import type { Protocol } from '../../../demo/protocol.ts'
import { send, succeeded } from '../../../demo/send.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { account } from '../../../test/harness/node/block.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { type DependencyMap, mapDependencies } from './mapDependencies.ts'

let anvil: Anvil
let client: ChainClient
let protocol: Protocol
const chain = () => connect(anvil.rpcUrl)

beforeAll(async () => {
  anvil = await startAnvil()
  protocol = await deployProtocol(chain())
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
})
afterAll(async () => {
  client.close()
  await anvil.stop()
})

async function mapOf(...addresses: Hex[]): Promise<DependencyMap> {
  const { header, facts } = await inspectContracts(client, addresses)
  return mapDependencies(client, header, facts)
}
const edges = ({ pointers }: DependencyMap, from: Address) =>
  pointers.filter((pointer) => pointer.from === from).map(({ to, kind, where }) => [to, kind, where])

test('finds who has power over a vault, what it holds, and who has power over that', async () => {
  const { vault, dusd } = protocol.contracts
  const { admin, upgrader, guardian, strategist, deployer } = protocol.accounts
  const map = await mapOf(vault.address)
  expect(edges(map, vault.address)).toEqual(
    expect.arrayContaining([
      [dusd.address, 'value', 'asset()'],
      [admin, 'power', 'DEFAULT_ADMIN_ROLE'],
      [upgrader, 'power', 'UPGRADER_ROLE'],
      [guardian, 'power', 'GUARDIAN_ROLE'],
      [strategist, 'power', 'STRATEGIST_ROLE'],
    ]),
  )
  expect(edges(map, dusd.address)).toEqual([[deployer, 'power', 'owner()']])
  expect(map.left).toBe(0)
})

test('finds what a market calls by what its creation wrote into its code', async () => {
  const { market, feed, votes, pair } = protocol.contracts
  const map = await mapOf(market.address)
  expect(edges(map, market.address)).toEqual(expect.arrayContaining([[votes.address, 'use', 'its code']]))
  expect(map.facts.map(({ address }) => address)).toEqual(expect.arrayContaining([feed.address]))
  expect(edges(map, feed.address)).toEqual(expect.arrayContaining([[pair.address, 'value', 'pair()']]))
})

test('forgets whose role was taken', async () => {
  const { vault } = protocol.contracts
  const { admin, users } = protocol.accounts
  const role = keccak256(toHex('KEEPER_ROLE'))
  const holders = async () => edges(await mapOf(vault.address), vault.address).map(([to]) => to)
  await succeeded(chain(), await send(chain(), vault, 'grantRole', [role, users[0]], { from: admin }))
  expect(await holders()).toContain(users[0])
  await succeeded(chain(), await send(chain(), vault, 'revokeRole', [role, users[0]], { from: admin }))
  expect(await holders()).not.toContain(users[0])
})

test('looks at forty of the contracts that a hostile one names, and says how many it left', async () => {
  const hostile = account(0xbad)
  const crowd = Array.from({ length: 60 }, (_, index) => someAddress(index))
  for (const address of crowd) await chain().setCode({ address, bytecode: proxyCode })
  const spread = (addresses: readonly Address[]) => addresses.map((address) => `73${address.slice(2)}`).join('')
  await chain().setCode({ address: hostile, bytecode: `0x${spread(crowd.slice(0, 60))}` })
  for (const [slot, address] of crowd.slice(36).entries()) {
    await chain().setStorageAt({ address: hostile, index: toHex(slot, { size: 32 }), value: padded(address) })
  }
  const map = await mapOf(hostile)
  expect(map.facts).toHaveLength(40)
  expect(map.left).toBe(16)
})

const someAddress = (index: number): Address => `0x${keccak256(toHex(index)).slice(2, 42)}`
/** A minimal proxy, which is something. */
const proxyCode: Hex = `0x363d3d373d3d3d363d73${'11'.repeat(20)}5af43d82803e903d91602b57fd5bf3`
const padded = (address: Address): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`

test('the code that a forwarder hands its calls on to is followed, though it is a constant of which nothing else is known', async () => {
  const [wallet, library] = [`0x${'5a'.repeat(20)}`, `0x${'6b'.repeat(20)}`] as const
  await chain().setCode({ address: library, bytecode: '0x00' })
  const handsOn = (opcode: string): Hex => `0x365f5f37365f5f3660${'00'}73${library.slice(2)}5a${opcode}00`
  await chain().setCode({ address: wallet, bytecode: handsOn('f4') })
  expect(edges(await mapOf(wallet), wallet)).toEqual([[library, 'use', 'its code']])
  await chain().setCode({ address: wallet, bytecode: handsOn('f1') })
  expect(edges(await mapOf(wallet), wallet)).toEqual([])
})

test('a getter is known by each of its usual spellings, and called by its plain name', async () => {
  const [pool, guardian] = [`0x${'5c'.repeat(20)}`, `0x${'6d'.repeat(20)}`] as const
  for (const getter of ['guardian', 'getGuardian', 'guardianAddress', 'getGuardianAddress']) {
    const selector = keccak256(toHex(`${getter}()`)).slice(2, 10)
    const bytecode: Hex = `0x63${selector}5073${guardian.slice(2)}5f5260205ff3`
    await chain().setCode({ address: pool, bytecode })
    const { pointers } = await mapOf(pool)
    expect(pointers).toEqual([{ from: pool, to: guardian, kind: 'power', name: 'guardian', where: `${getter}()` }])
  }
})

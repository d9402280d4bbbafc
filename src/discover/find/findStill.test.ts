import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArtifact } from '../../../demo/artifact.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { nameContracts } from '../facts/nameContracts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { mapDependencies } from '../propose/mapDependencies.ts'
import { findRights } from './findRights.ts'
import { findStill } from './findStill.ts'

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

async function factoryWithPurses() {
  const { deploy, call, read, accounts, mine } = stage
  const dollar = await deploy(readArtifact('DemoDollar'), { args: [accounts[0]] })
  const template = await deploy(readArtifact('Purse'))
  const factory = await deploy(readArtifact('PurseFactory'), {
    args: [accounts[1], template.address, dollar.address],
  })
  for (const from of accounts.slice(2, 5)) {
    await call(factory, 'create', [], { from })
    await mine(3)
  }
  return { factory, template, newest: await read<Hex>(factory, 'newest') }
}

const lower = (address: Hex) => address.toLowerCase() as Address

test('a contract in a slot counts where use does not change it, and the last of many does not', async () => {
  const { factory, template, newest } = await factoryWithPurses()
  const { header, facts } = await inspectContracts(client, [lower(factory.address)])
  const map = await mapDependencies(client, header, facts)
  const found = map.facts.map(({ address }) => address)
  expect(found).toContain(lower(template.address))
  expect(found).not.toContain(lower(newest))
  expect(map.pointers.map(({ to }) => to)).not.toContain(lower(newest))
})

test('of a slot that was empty before, or whose past nobody tells, nothing is said', async () => {
  const { factory, template } = await factoryWithPurses()
  const { header } = await inspectContracts(client, [lower(factory.address)])
  const pointer = (from: Address): Pointer => ({
    ...{ from, to: lower(template.address), kind: 'use', name: null },
    where: 'its storage (slot 1)',
  })
  const nobody: Address = `0x${'12'.repeat(20)}`
  expect(await findStill(client, header, [pointer(nobody)])).toEqual({ still: new Set(), moving: new Set() })
  const first = { ...header, number: 3 }
  expect(await findStill(client, first, [pointer(lower(factory.address))])).toEqual({
    still: new Set(),
    moving: new Set(),
  })
})

test('lists of who may do what are found by how they answer, and what says something else is left out', async () => {
  const { deploy, accounts } = stage
  const dollar = await deploy(readArtifact('DemoDollar'), { args: [accounts[0]] })
  const pool = await deploy(readArtifact('OperatorPool'), { args: [accounts[1], dollar.address] })
  const addresses = [pool, dollar].map(({ address }) => lower(address))
  const { header, facts } = await inspectContracts(client, addresses)
  const named = nameContracts(
    facts.map((each) => ({ facts: each, role: 'protected' as const })),
    [],
  )
  expect(await findRights(client, header, named)).toEqual(new Map([[addresses[0], ['0x6d70f7ae']]]))
})

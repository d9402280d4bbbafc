import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AaveMarket, aaveMarket } from '../../../demo/scenarios/aaveMarket.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { proposeConfig } from '../propose/proposeConfig.ts'
import { findKin } from './findKin.ts'

let anvil: Anvil
let client: ChainClient
let stage: Stage
let market: AaveMarket

beforeAll(async () => {
  anvil = await startAnvil()
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
  stage = await createStage(anvil.rpcUrl)
  market = await aaveMarket(stage)
}, 60_000)
afterAll(async () => {
  client.close()
  await anvil.stop()
})

const lower = (address: Hex) => address.toLowerCase() as Address

async function kinOf(named: Hex, own: Hex) {
  const { header, facts } = await inspectContracts(client, [lower(named)])
  return (await findKin(client, header, { named: facts, own: new Set([lower(own)]) })).map(({ to }) => to)
}

test('all that a book of addresses names is found, whatever its functions are called', async () => {
  const { pool, acl, oracle, configurator } = market
  const book = await stage.read<Hex>(pool, 'ADDRESSES_PROVIDER')
  const named = await kinOf(book, pool.address)
  for (const each of [pool, acl, oracle, configurator]) expect(named).toContain(lower(each.address))
})

test('who names none of ours is no kin, and nothing else of it is followed', async () => {
  const book = await stage.read<Hex>(market.pool, 'ADDRESSES_PROVIDER')
  expect(await kinOf(book, stage.accounts[20]!)).toEqual([])
  // A token is used by many, and names whom it likes.
  expect(await kinOf(market.dollar.token.address, stage.accounts[0]!)).toEqual([])
})

test('of a lending pool alone all that rules it is watched as itself: roles, the book of addresses and the tokens', async () => {
  const { pool, acl, configurator, dollar, coin } = market
  const { proposals, contracts } = await proposeConfig(client, [lower(pool.address)], {
    ...{ chain: { id: 31_337, name: 'local' }, now: new Date(), sources: null },
  })
  const nameOf = (address: Hex) => contracts.find(({ facts }) => facts.address === lower(address))?.name ?? address
  const of = (name: string) => proposals.find((proposal) => proposal.name === name)
  const book = nameOf(await stage.read<Hex>(pool, 'ADDRESSES_PROVIDER'))
  expect(of('powers')?.on).toEqual(expect.arrayContaining([book, nameOf(acl.address), nameOf(configurator.address)]))
  for (const { aToken, debtToken } of [dollar, coin]) {
    expect(of('upstream')?.on).toEqual(expect.arrayContaining([nameOf(aToken.address), nameOf(debtToken.address)]))
  }
  expect(of('map')?.options?.links).toContainEqual(
    expect.objectContaining({ in: `$${book}`, what: 'aclManager', kin: true }),
  )
  const [oracle, pledge] = [nameOf(market.oracle.address), nameOf(coin.token.address)]
  expect(of('map')?.options?.links).toContainEqual(
    expect.objectContaining({ in: `$${oracle}`, what: `price source of ${pledge}`, kin: true }),
  )
  expect(of(`${nameOf(pool.address)}-terms-of-${pledge}`)).toMatchObject({
    ...{ use: 'state', severity: 'high' },
    options: { invariant: `getConfiguration($${pledge}) / 65536 % 65536 <= 9500`, plannable: true },
  })
  expect(of(`${book}-settings`)).toMatchObject({ use: 'key-settings', on: [book] })
})

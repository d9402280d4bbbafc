import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boardMarket } from '../../../demo/scenarios/oracle/quoteBoard.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { fetchHeader } from '../../evm/fetchBlock.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { mapDependencies } from '../propose/mapDependencies.ts'
import { findAsked } from './findAsked.ts'

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

const lower = (text: string) => text.toLowerCase() as Address

test('what a lender asks whenever it lends is a price, whatever it is called and wherever its address stands', async () => {
  const { lender, board, coin, quote, borrow, users, use } = await boardMarket(stage)
  const own = lower(lender.address)
  const asked = async () => findAsked(client, (await fetchHeader(client, 'latest'))!, [own])
  await borrow(users[0]!, '1000', '100')
  expect(await asked()).toEqual([])

  await use()
  const call = encodeFunctionData({ abi: board.abi, functionName: 'quoteOf', args: [coin.address] })
  const question = { from: own, to: lower(board.address), call, named: null }
  expect(await asked()).toEqual([{ ...question, isPrice: true }])

  const { header, facts } = await inspectContracts(client, [own])
  expect((await mapDependencies(client, header, facts)).facts.map(({ address }) => address)).not.toContain(question.to)
  const map = await mapDependencies(client, header, facts, await asked())
  expect(map.facts.map(({ address }) => address)).toContain(question.to)

  // What leaps now and then has no leap that means anything.
  await quote('25')
  await stage.mine(3)
  expect(await asked()).toEqual([{ ...question, isPrice: false }])
}, 60_000)

import { type Hex, maxUint256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acmeVault, dollars } from '../../../demo/scenarios/acmeVault.ts'
import { issuedDollar } from '../../../demo/scenarios/issuedDollar.ts'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import type { Bound } from '../../../demo/send.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { type ChainClient, createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { findHoldings } from './findHoldings.ts'

let anvil: Anvil
let client: ChainClient
let stage: Stage

beforeAll(async () => {
  anvil = await startAnvil()
  client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
  stage = await createStage(anvil.rpcUrl)
})
afterAll(async () => {
  client.close()
  await anvil.stop()
})

async function heldBy(holder: Hex) {
  const { header, facts } = await inspectContracts(client, [holder.toLowerCase() as Address])
  return (await findHoldings(client, header, facts)).map(({ from, to, name }) => [from, to, name])
}
const lower = ({ address }: Bound) => address.toLowerCase()

test('shares that an account paid for are found while it holds them, and no plain token', async () => {
  const { vault, asset } = await acmeVault(stage)
  const holder = stage.accounts[18]!
  await stage.call(asset, 'mint', [holder, dollars('5000')])
  await stage.call(asset, 'approve', [vault.address, maxUint256], { from: holder })
  expect(await heldBy(holder)).toEqual([])
  await stage.call(vault, 'deposit', [dollars('3000'), holder], { from: holder })
  expect(await heldBy(holder)).toEqual([[holder, lower(vault), 'holding']])
  await stage.mine(12)
  const shares = await stage.read(vault, 'balanceOf', [holder])
  await stage.call(vault, 'redeem', [shares, holder, holder], { from: holder })
  expect(await heldBy(holder)).toEqual([])
})

test('what strangers sent is none, and what was used is', async () => {
  const [gift, used] = [await issuedDollar(stage), await issuedDollar(stage)]
  const holder = stage.accounts[17]!
  for (const token of [gift, used]) await stage.call(token, 'mint', [holder, dollars('900')])
  expect(await heldBy(holder)).toEqual([])
  await stage.call(used, 'transfer', [stage.accounts[16]!, dollars('10')], { from: holder })
  await stage.call(used, 'mint', [holder, dollars('900')])
  expect(await heldBy(holder)).toEqual([[holder, lower(used), 'holding']])
})

test('what others move in the name of an account, or a token says they did, is none', async () => {
  const token = await issuedDollar(stage)
  const [holder, other] = [stage.accounts[15]!, stage.accounts[14]!]
  await stage.call(token, 'mint', [holder, dollars('900')])
  await stage.call(token, 'approve', [other, dollars('5')], { from: holder })
  await stage.call(token, 'transferFrom', [holder, other, dollars('5')], { from: other })
  expect(await heldBy(holder)).toEqual([])
})

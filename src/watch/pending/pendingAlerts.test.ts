import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../demo/scenarios/stage.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address } from '../../model/chain.ts'
import { createPendingAlerts, type Standing } from './pendingAlerts.ts'

let anvil: Anvil
let stage: Stage
let client: ChainClient
beforeEach(async () => {
  anvil = await startAnvil({ chainId: 1 })
  stage = await createStage(anvil.rpcUrl)
  await stage.client.setAutomine(false)
  client = openTestClient(anvil.rpcUrl)
})
afterEach(async () => {
  client.close()
  await anvil.stop()
})

const [thief, other] = [1, 2]
async function pay(rest: { nonce?: number; gasPrice?: bigint; to?: Address } = {}) {
  const [account, to] = [stage.accounts[thief]!, rest.to ?? stage.accounts[other]!]
  return stage.client.sendTransaction({ account, to, chain: null, gas: 100_000n, gasPrice: 2_000_000_000n, ...rest })
}
const follow = async (rest: Partial<Standing> = {}) => {
  const alerts = createPendingAlerts()
  const hash = await pay()
  const sender = stage.accounts[thief] as Address
  alerts.follow({ alertKey: 'one', hash, sender, nonce: 0, forgetAfterMs: 10_000, knownAt: 0, ...rest })
  return { alerts, hash }
}
const mine = () => stage.client.mine({ blocks: 1 })

test('goes on as long as a provider knows it, and is forgotten that long after', async () => {
  const { alerts, hash } = await follow()
  expect(await alerts.look(client, 100_000)).toEqual({ ended: [], back: [] })
  await stage.client.dropTransaction({ hash })
  expect(await alerts.look(client, 109_999)).toEqual({ ended: [], back: [] })
  expect(await alerts.look(client, 110_000)).toEqual({
    ended: [{ key: 'one', because: 'no provider has known it for 10 s' }],
    back: [],
  })
  expect(alerts.size()).toBe(0)
})

test('is over when another of the same nonce was mined that nobody had heard of', async () => {
  const { alerts, hash } = await follow()
  await stage.client.dropTransaction({ hash })
  await pay({ nonce: 0, gasPrice: 5_000_000_000n })
  await mine()
  expect((await alerts.look(client, 1)).ended).toEqual([
    { key: 'one', because: 'its sender replaced it by another transaction, which was mined' },
  ])
})

test('says that it failed in its block, and is back where a reorg takes the block', async () => {
  const before = await stage.client.snapshot()
  // The first byte of this code is no instruction.
  await stage.client.setCode({ address: stage.accounts[other]!, bytecode: '0xfe' })
  const { alerts, hash } = await follow()
  await mine()
  expect((await alerts.look(client, 1)).ended).toEqual([
    { key: 'one', because: expect.stringMatching(/^it was mined in block \d+, where it failed$/) },
  ])
  expect(await alerts.look(client, 2)).toEqual({ ended: [], back: [] })
  await stage.client.revert({ id: before })
  expect(await pay()).toBe(hash)
  expect((await alerts.look(client, 3)).back).toMatchObject([{ hash }])
  expect((await alerts.look(client, 4)).back).toEqual([])
})

test('asks again where nobody answers, and takes nothing for an end', async () => {
  const { alerts } = await follow()
  await anvil.stop()
  await expect(alerts.look(client, 1_000_000)).rejects.toThrow()
  expect(alerts.size()).toBe(1)
})

import { type Hex, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { connect } from '../../../demo/connect.ts'
import { startAnvil } from '../../../demo/startAnvil.ts'
import { account, chain } from '../../../test/harness/node/block.ts'
import { startNode } from '../../../test/harness/node/startNode.ts'
import { openTestClient } from '../../../test/harness/openTestClient.ts'
import { createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { BlockHeader } from '../../model/chain.ts'
import { simulates } from '../check/simulates.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { proposeAttack } from './proposeAttack.ts'
import { proposeDao } from './proposeDao.ts'

const timelock: NamedFacts = {
  ...{ name: 'timelock', kind: 'timelock', role: 'protected', pointers: [] },
  facts: {
    ...{ address: account(1), form: 'contract', balance: 0n, codes: [], forwards: false },
    timelock: { minDelaySeconds: 60n, why: '' },
  },
}
const pausers = new Map([['vault', 'guardian']])

test('whoever can pause now is named, as far as the provider simulates', () => {
  const [proposal] = proposeDao([timelock], { pausers, simulated: true })
  expect(proposal).toMatchObject({ options: { guardians: [{ account: '$guardian', contract: '$vault' }] } })
  const many = new Map(Array.from({ length: 20 }, (_, n) => [`vault${n}`, 'guardian']))
  expect(proposeDao([timelock], { pausers: many, simulated: true })[0]?.options?.guardians).toHaveLength(8)
  expect(proposeDao([timelock], { pausers: new Map(), simulated: true })[0]).not.toHaveProperty('options')
})

test('so is whoever holds a role to stop things, but for the governor itself', () => {
  const key = (name: string, where: string, facts: Partial<NamedFacts['facts']> = {}): NamedFacts => ({
    ...{ name, kind: 'account', role: 'dependency' },
    facts: { address: account(9), form: 'account', balance: 0n, codes: [], forwards: false, ...facts },
    pointers: [{ from: account(1), to: account(9), kind: 'power', name, where }],
  })
  const governor = { governor: { votingPeriod: 1n, timelock: account(1), why: '' } }
  const all = [
    timelock,
    key('council', 'CANCELLER_ROLE'),
    key('dao', 'CANCELLER_ROLE', governor),
    key('clerk', 'KEEPER_ROLE'),
  ]
  const found = proposeDao(all, { pausers: new Map(), simulated: true }).flatMap(
    ({ options }) => options?.guardians ?? [],
  )
  expect(found).toEqual([{ account: '$council', contract: '$timelock', role: 'CANCELLER_ROLE' }])
})

test('the token of a governor of Compound is known by what it answers, as it has no name of its own', () => {
  const bare = { form: 'contract', balance: 0n, codes: [], forwards: false } as const
  const governor: NamedFacts = {
    ...{ name: 'governor', kind: null, role: 'protected', pointers: [] },
    facts: { ...bare, address: account(2), governor: { votingPeriod: 1n, timelock: account(1), why: '' } },
  }
  const token = (code: Hex, isToken = true): NamedFacts => ({
    ...{ name: 'comp', kind: 'erc20', role: 'dependency' },
    facts: {
      ...{ address: account(3), form: 'contract', balance: 0n, codes: [code], forwards: false },
      ...(isToken && { token: { standard: 'erc20', symbol: 'COMP', decimals: 18, totalSupply: 1n, why: '' } }),
    },
    pointers: [{ from: account(2), to: account(3), kind: 'use', name: null, where: 'its code' }],
  })
  const votesOf = (each: NamedFacts) =>
    proposeDao([governor, timelock, each], { pausers: new Map(), simulated: true }).map(({ options }) => options?.votes)
  const code: Hex = `0x63${toFunctionSelector('getPriorVotes(address,uint256)').slice(2)}14`
  expect(votesOf(token(code))).toEqual(['$comp'])
  expect(votesOf(token('0x6370a0823114'))).toEqual([undefined])
  expect(votesOf(token(code, false))).toEqual([undefined])
})

test('what no provider simulates is switched off, and the config says why', () => {
  const [proposal] = proposeDao([timelock], { pausers, simulated: false })
  expect(proposal).toMatchObject({
    options: { simulateEvery: 0 },
    why: [expect.anything(), expect.stringContaining('eth_simulateV1')],
  })
  const attack = proposeAttack(
    [{ ...timelock, name: 'bank', kind: null, facts: { ...timelock.facts, address: account(2) } }],
    {
      ...{ traces: false, simulated: false },
    },
  )
  expect(attack.find(({ use }) => use === 'fresh-contract')).toMatchObject({
    options: { traces: 'none', simulate: false },
  })
})

test('whether a provider simulates is asked of it', async () => {
  const blocks = chain(2)
  const node = await startNode({ blocks })
  const anvil = await startAnvil()
  const client = createChainClient([createProvider({ url: anvil.rpcUrl, chainId: 31_337, timeoutMs: 15_000 })])
  try {
    expect(await simulates(openTestClient(node.url), blocks.at(-1)! as unknown as BlockHeader)).toBe(false)
    expect(await simulates(client, (await connect(anvil.rpcUrl).getBlock()) as unknown as BlockHeader)).toBe(true)
  } finally {
    client.close()
    await Promise.all([node.close(), anvil.stop()])
  }
})

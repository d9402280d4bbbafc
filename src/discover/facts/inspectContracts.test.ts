import { encodeAbiParameters, type Hex, parseAbi, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../demo/connect.ts'
import { deployProtocol } from '../../../demo/deployProtocol.ts'
import type { Protocol } from '../../../demo/protocol.ts'
import { type Anvil, startAnvil } from '../../../demo/startAnvil.ts'
import { account, chain } from '../../../test/harness/node/block.ts'
import { startNode, type TestNode } from '../../../test/harness/node/startNode.ts'
import { createChainClient } from '../../evm/rpc/chainClient.ts'
import { createProvider } from '../../evm/rpc/provider.ts'
import type { Address } from '../../model/chain.ts'
import { abiFits } from './abiFits.ts'
import type { ContractFacts } from './contractFacts.ts'
import { inspectContracts } from './inspectContracts.ts'
import { slots } from './probes.ts'

const open = (url: string, chainId: number) => createChainClient([createProvider({ url, chainId, timeoutMs: 15_000 })])

describe('on the demo protocol', () => {
  let anvil: Anvil
  let protocol: Protocol
  const facts = new Map<Address, ContractFacts>()
  let requests = 0
  const of = (name: keyof Protocol['contracts']) => facts.get(protocol.contracts[name].address)!

  beforeAll(async () => {
    anvil = await startAnvil()
    protocol = await deployProtocol(connect(anvil.rpcUrl))
    const client = open(anvil.rpcUrl, 31_337)
    const addresses = [...Object.values(protocol.contracts).map(({ address }) => address), protocol.accounts.admin]
    for (const each of (await inspectContracts(client, addresses)).facts) facts.set(each.address, each)
    requests = client.providers()[0]!.requests
    client.close()
  })
  afterAll(() => anvil.stop())

  test('recognises what each contract is', () => {
    expect(of('dusd').token).toMatchObject({ standard: 'erc20', symbol: 'dUSD', decimals: 6 })
    expect(of('vault').proxy).toMatchObject({ pattern: 'erc1967' })
    expect(of('vault').vault).toMatchObject({ asset: protocol.contracts.dusd.address, assetSymbol: 'dUSD' })
    expect(of('vault')).toMatchObject({ roles: { authority: null }, pausable: { paused: false } })
    expect(of('feed').feed).toMatchObject({ description: 'ACME / USD', decimals: 8, announces: true, aggregator: null })
    expect(of('market')).toMatchObject({ owned: { ownerHasCode: true }, pausable: { paused: false } })
    expect(of('governor').governor?.timelock).toBe(protocol.contracts.timelock.address)
    expect(of('timelock')).toMatchObject({ timelock: { minDelaySeconds: 10n }, roles: { authority: null } })
    expect(of('pair').pair?.token1).toBe(protocol.contracts.dusd.address)
    expect(of('treasury')).toMatchObject({
      proxy: { pattern: 'safe' },
      safe: { version: '1.4.1', threshold: 2, owners: protocol.accounts.signers },
    })
    expect(facts.get(protocol.accounts.admin)).toMatchObject({ form: 'account', codes: [] })
  })

  test('takes no contract for what it is not, and says why it takes it for what it is', () => {
    const { address, balance, form, codes, forwards, ...rest } = of('pair')
    expect(Object.keys(rest)).toEqual(['pair'])
    for (const each of facts.values())
      for (const value of Object.values(each))
        if (value && typeof value === 'object' && !Array.isArray(value)) expect(value).toHaveProperty('why')
  })

  test('asks for all of them in three requests, beside the header and the chain id', () => {
    expect(requests).toBeLessThanOrEqual(5)
  })

  test('tells whether an ABI fits, behind a proxy as well', () => {
    const { vault, market } = protocol.contracts
    expect(abiFits(vault.abi, of('vault'))).toMatchObject({ missing: [] })
    expect(abiFits(market.abi, of('market'))).toMatchObject({ missing: [] })
    const wrong = abiFits(market.abi, of('vault'))
    expect(wrong).toMatchObject({ missing: expect.arrayContaining(['flashLoan(uint256,bytes)']) })
    expect(wrong).not.toMatchObject({ missing: expect.arrayContaining(['pause()']) })
    expect(abiFits(vault.abi, { codes: of('vault').codes.slice(0, 1), forwards: true })).toBe('cannot tell')
  })
})

describe('among hostile contracts', () => {
  let node: TestNode
  const state = new Map<string, Hex>()
  let answersAll: Hex | undefined
  const [subject, other, implementation, beacon] = [0xa1, 0xa2, 0xa3, 0xa4].map(account) as [
    Address,
    Address,
    Address,
    Address,
  ]

  beforeAll(async () => {
    node = await startNode({ blocks: chain(3) })
    node.state = (method, params) => {
      const [first, second] = params as [unknown, string]
      if (method === 'eth_call') {
        const { to, data } = first as { to: Address; data: Hex }
        return state.get(`${to} ${data.slice(0, 10)}`) ?? (to === subject ? answersAll : undefined) ?? '0x'
      }
      return state.get(`${method} ${first} ${method === 'eth_getStorageAt' ? second : ''}`.trim())
    }
  })
  afterAll(() => node.close())

  const word = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`
  const withCode = (address: Address, code: Hex) => state.set(`eth_getCode ${address}`, code)
  const withSlot = (address: Address, slot: keyof typeof slots, value: Hex) =>
    state.set(`eth_getStorageAt ${address} ${slots[slot]}`, value)
  const answering = (address: Address, signature: string, data: Hex) =>
    state.set(`${address} ${toFunctionSelector(signature)}`, data)
  const codeWith = (...signatures: string[]): Hex =>
    `0x${signatures.map((each) => `63${toFunctionSelector(each).slice(2)}14`).join('')}00`
  const text = (value: string) => encodeAbiParameters(parseAbi(['function f(string)'])[0].inputs, [value])

  async function inspect(...addresses: Address[]): Promise<ContractFacts[]> {
    const client = open(node.url, 1)
    const { facts } = await inspectContracts(client, addresses)
    client.close()
    return facts
  }

  test('believes no answer whose function is not in the code', async () => {
    state.clear()
    answersAll = `0x${'0'.repeat(63)}1`
    withCode(subject, '0x6001600055')
    const [facts] = await inspect(subject)
    expect(Object.keys(facts!)).toEqual(['address', 'balance', 'form', 'codes', 'forwards'])
  })

  test('makes the words of strangers harmless and short', async () => {
    state.clear()
    answersAll = undefined
    withCode(subject, codeWith('symbol()', 'decimals()', 'totalSupply()'))
    answering(subject, 'symbol()', text(`\u202eUSDC\n# owned: https://evil.example\u0000${'x'.repeat(5000)}`))
    answering(subject, 'decimals()', `0x${'f'.repeat(64)}`)
    answering(subject, 'totalSupply()', `0x${'f'.repeat(64)}`)
    const [facts] = await inspect(subject)
    expect(facts?.token).toMatchObject({ decimals: null, totalSupply: 2n ** 256n - 1n })
    expect(facts?.token?.symbol).toMatch(/^\[U\+202E\]USDC # owned: https\[:\]/)
    expect(facts?.token?.symbol?.length).toBeLessThanOrEqual(64)
  })

  test('survives answers of a megabyte each, and broken ones', async () => {
    state.clear()
    answersAll = `0x${'41'.repeat(1024 * 1024)}`
    withCode(subject, '0x00')
    withCode(other, codeWith('owner()'))
    answering(other, 'owner()', word(account(0x77)))
    const [hostile, honest] = await inspect(subject, other)
    expect(hostile?.form).toBe('contract')
    expect(honest?.owned?.owner).toBe(account(0x77))
  }, 60_000)

  test('finds what minimal proxies, beacons and delegated accounts run', async () => {
    state.clear()
    answersAll = undefined
    withCode(subject, `0x363d3d373d3d3d363d73${implementation.slice(2)}5af43d82803e903d91602b57fd5bf3`)
    withCode(implementation, codeWith('paused()'))
    answering(subject, 'paused()', word(account(1)))
    withCode(other, '0x00')
    withSlot(other, 'beacon', word(beacon))
    answering(beacon, 'implementation()', word(implementation))
    const delegated = account(0xde)
    withCode(delegated, `0xef0100${implementation.slice(2)}`)
    const [clone, behindBeacon, account7702] = await inspect(subject, other, delegated)
    expect(clone).toMatchObject({ proxy: { pattern: 'erc1167', implementation }, pausable: { paused: true } })
    expect(behindBeacon).toMatchObject({ proxy: { pattern: 'beacon', beacon, implementation }, forwards: false })
    expect(behindBeacon?.codes).toHaveLength(2)
    expect(account7702?.form).toBe('delegated')
  })

  test('cannot tell what a forwarder of its own kind does, and believes only one that does not answer everything', async () => {
    state.clear()
    const forwarder: Hex = '0x3660006000373660006000365af4'
    withCode(subject, forwarder)
    answering(subject, 'owner()', word(account(0x77)))
    answersAll = undefined
    const [believed] = await inspect(subject)
    expect(believed).toMatchObject({ forwards: true, owned: { owner: account(0x77) } })
    answersAll = word(account(1))
    const [doubted] = await inspect(subject)
    expect(doubted?.owned).toBeUndefined()
    expect(abiFits(parseAbi(['function f()']), doubted!)).toBe('cannot tell')
  })
})

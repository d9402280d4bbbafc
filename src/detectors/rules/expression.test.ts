import fc from 'fast-check'
import { encodeAbiParameters, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import {
  other,
  thief,
  treasuryAddress,
  vault,
  vaultAddress,
  watchFor,
  withdraw,
} from '../../../test/harness/detectors/expressionScene.ts'
import { account, call, event, log, tx } from '../../../test/harness/node/block.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { expression } from './expression.ts'

const withdrawals = (...logs: ReturnType<typeof withdraw>[]) => ({ transactions: [tx({ from: thief, logs })] })

const big = 'event Withdraw if assets >= 1_000_000e6 and receiver != $treasury'

const goSelector = toFunctionSelector('function go((uint8 a, bytes b)[] list, string note)')

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

describe('a rule about every log', () => {
  test('sees what the contract logs, known to its ABI or not, with or without a topic', () => {
    const unknown = event('event Odd(uint256 a)', vaultAddress, { a: 1n })
    const logs = [withdraw(5n), unknown, log({ address: vaultAddress }), withdraw(5n, thief, other)]
    const { claims, blind } = watchFor('log if tx.to != this').see({ transactions: [tx({ from: thief, logs })] })
    expect(blind).toEqual([])
    expect(claims.map(({ logIndex, title }) => [logIndex, title])).toEqual(
      [0, 1, 2].map((index) => [index, 'Log of vault: from 0x0000…3333']),
    )
    expect(watchFor('log if tx.to == this').see({ transactions: [tx({ from: thief, logs })] }).claims).toEqual([])
  })
})

describe('a rule about an event', () => {
  test('speaks at the limit, with the values of the event', () => {
    const { claims, blind, block } = watchFor(big).see(withdrawals(withdraw(5n), withdraw(1_000_000_000_000n)))
    expect(blind).toEqual([])
    expect(claims).toEqual([
      {
        key: 'log 1',
        transactionHash: block.transactions[0]?.hash,
        logIndex: 1,
        address: vaultAddress,
        title:
          'Withdraw on vault: sender 0x0000…3333, receiver 0x0000…3333, owner 0x0000…3333, assets 1,000,000,000,000, shares 1',
        facts: { sender: thief, receiver: thief, owner: thief, assets: '1000000000000', shares: '1', 'tx.from': thief },
        evidence: 'soft',
      },
    ])
  })

  test('is silent one unit below, for the treasury, and for the same event of another contract', () => {
    const watch = watchFor(big)
    expect(watch.see(withdrawals(withdraw(999_999_999_999n))).claims).toEqual([])
    expect(watch.see(withdrawals(withdraw(2_000_000_000_000n, treasuryAddress))).claims).toEqual([])
    expect(watch.see(withdrawals(withdraw(2_000_000_000_000n, thief, other))).claims).toEqual([])
  })

  test('asks for exactly the logs that it is about', () => {
    expect(watchFor(big).watch.interests).toEqual([
      { kind: 'log', addresses: [vaultAddress], topics: [withdraw(1n).topics[0]] },
    ])
    expect(watchFor(big).watch.reads).toBeUndefined()
  })

  test('says what it could not judge, and judges the rest', () => {
    const broken = log({ address: vaultAddress, topics: withdraw(1n).topics, data: '0x1234' })
    const { claims, blind } = watchFor('event Withdraw').see(withdrawals(broken, withdraw(7n)))
    expect(claims).toMatchObject([{ key: 'log 1', facts: { assets: '7' } }])
    expect(blind).toEqual(['Withdraw on vault: The data ends at byte 2, where the ABI goes on to byte 64.'])
  })

  test('is blind, not silent, where the condition has no answer', () => {
    const named = event('event Named(string name, uint256[] values)', vaultAddress, { name: 'x', values: [1n] })
    const { claims, blind } = watchFor('event Named if values[1] > 5').see(withdrawals(named))
    expect(claims).toEqual([])
    expect(blind).toEqual(['Named on vault: there is no [1] in a list of 1'])
  })

  test('bounds and cleans what strangers wrote', () => {
    const values = Array.from({ length: 100 }, (_, index) => BigInt(index))
    const name = `\u202Egro.live\n${'x'.repeat(5000)}`
    const named = event('event Named(string name, uint256[] values)', vaultAddress, { name, values })
    const [claim] = watchFor('event Named').see(withdrawals(named)).claims
    expect(claim?.title).toMatch(/^Named on vault: name "\[U\+202E\]gro\[\.\]live x+…", values 100 values$/)
    expect(claim?.title.length).toBeLessThanOrEqual(200)
    expect(String(claim?.facts.name).length).toBeLessThanOrEqual(256)
    expect(claim?.facts.values).toHaveLength(33)
    expect(claim?.facts.values).toContain('… and 68 more')
  })

  test('takes its title from the config', () => {
    const watch = watchFor('event Withdraw', { title: '{receiver} took {assets} out of {target}', evidence: 'hard' })
    expect(watch.see(withdrawals(withdraw(1_234n, treasuryAddress))).claims).toMatchObject([
      { title: 'treasury took 1,234 out of vault', evidence: 'hard' },
    ])
    expect(() => watchFor('event Withdraw', { title: '{amount} gone' })).toThrow(/\{amount\}, which is no parameter/)
  })
})

describe('a rule that reads state', () => {
  const share = 'event Withdraw if assets * 100 > before(totalAssets()) * 10 and receiver != $treasury'
  const totalAssets = `call ${vaultAddress} 0x01e1d114`

  test('asks only for logs that the rest of the rule lets through', () => {
    const watch = watchFor(share)
    expect(watch.see(withdrawals(withdraw(200n, treasuryAddress))).reads).toEqual([])
    watch.world.before.set(totalAssets, word(1000n))
    const { claims, reads } = watch.see(withdrawals(withdraw(101n)))
    expect(reads).toEqual([{ at: 'parent', kind: 'call', to: vaultAddress, data: '0x01e1d114' }])
    expect(claims).toMatchObject([{ facts: { 'before(totalAssets()) * 10': '10000', 'assets * 100': '10100' } }])
    watch.world.before.set(totalAssets, word(1010n))
    expect(watch.see(withdrawals(withdraw(101n))).claims).toEqual([])
  })

  test('hands parameters of the event to the function that it reads', () => {
    const world = new World()
    const watch = watchFor('event Withdraw if assets > limitOf(owner)', {}, world)
    const data = call('function limitOf(address account)', [thief])
    world.set(`call ${vaultAddress} ${data}`, 5n)
    expect(watch.see(withdrawals(withdraw(5n))).claims).toEqual([])
    expect(watch.see(withdrawals(withdraw(6n))).claims).toMatchObject([{ facts: { 'limitOf(owner)': '5' } }])
  })

  test('bounds what it asks in one block, and says where that was not enough', () => {
    const watch = watchFor('event Withdraw if limitOf(receiver) > assets')
    const logs = Array.from({ length: 300 }, (_, index) => withdraw(1n, account(index + 1)))
    const { reads, claims, blind } = watch.see(withdrawals(...logs))
    expect(reads).toHaveLength(256)
    expect(claims).toEqual([])
    expect(blind).toContainEqual(expect.stringMatching(/more than 256 reads in one block/))
  })

  test('is blind where the state cannot be read or is not what the ABI says', () => {
    const watch = watchFor('event Withdraw if totalAssets() < 5')
    expect(watch.see(withdrawals(withdraw(1n))).blind).toEqual([
      'Withdraw on vault: totalAssets() could not be read: the call reverted',
    ])
    watch.world.set(totalAssets, '0x1234')
    expect(watch.see(withdrawals(withdraw(1n))).blind).toMatchObject([/gave what its ABI does not say/])
  })
})

test('is compiled for each target by its own ABI', () => {
  const indexed = contract('old', other, { abi: parseAbi(['event Moved(uint256 amount, address indexed to)']) })
  const plain = contract('new', vaultAddress, { abi: parseAbi(['event Moved(uint256 amount, address to)']) })
  const watch = scene(expression, [indexed, plain], { when: 'event Moved if amount > 1' })
  const of = (text: string, address: Address) => event(text, address, { amount: 2n, to: thief })
  const { claims, blind } = watch.see(
    withdrawals(
      of('event Moved(uint256 amount, address indexed to)', other),
      of('event Moved(uint256 amount, address to)', vaultAddress),
    ),
  )
  expect(claims.map(({ address, facts }) => [address, facts.to])).toEqual([
    [other, thief],
    [vaultAddress, thief],
  ])
  expect(blind).toEqual([])
})

test('never throws, whatever the topics, the data and the input hold', () => {
  const signature = 'event Deep((address maker, uint256[] amounts)[] orders, string note, bytes32 indexed id)'
  const deep = contract('deep', other, {
    abi: parseAbi([signature, 'function go((uint8 a, bytes b)[] list, string note)']),
  })
  const events = scene(expression, [deep], { when: 'event Deep if orders[0].amounts[1] > 5 or note matches "a+b"' })
  const calls = scene(expression, [deep], { when: 'call go if list[2].a > 5 or note contains "x"' })
  const [interest] = events.watch.interests
  const topic = interest?.kind === 'log' ? interest.topics![0]! : word(0)
  const small = fc.constantFrom(0n, 1n, 2n, 32n, 64n, 96n, 128n, 2n ** 255n).map((value) => word(value).slice(2))
  const bytes = fc
    .tuple(fc.array(small, { maxLength: 12 }), fc.constantFrom('', '00', 'ff'))
    .map(([list, tail]) => list.join('') + tail)
  const said = { claims: 0, blind: 0 }
  fc.assert(
    fc.property(bytes, fc.nat(3), (data, count) => {
      const topics = [topic, ...Array<typeof topic>(count).fill(word(5))]
      const hostile = withdrawals(log({ address: other, topics, data: `0x${data}` }))
      const { claims, blind } = events.see(hostile)
      const seen = calls.see({ transactions: [tx({ to: other, input: `${goSelector}${data}` })] })
      said.claims += claims.length + seen.claims.length
      said.blind += blind.length + seen.blind.length
    }),
    { seed: 20261123, numRuns: 500 },
  )
  expect(said.blind).toBeGreaterThan(500)
})

test('tells what is wrong with a rule before anything runs', () => {
  expect(() => watchFor('event Withdraw if asset > 5')).toThrow(RuleError)
  expect(() => scene(expression, [vault])).toThrow(RuleError)
  const twin = { ...vault, name: 'twin' }
  expect(() => scene(expression, [vault, twin], { when: 'event Withdraw' })).toThrow(/vault and twin are the same/)
})

test('shows tuples by the names of their parts', () => {
  const abi = parseAbi(['event Filled((address maker, uint256 amount) order, (uint256, uint256) pair)'])
  const watch = scene(expression, [contract('book', other, { abi })], { when: 'event Filled if order.amount > 1' })
  const data = encodeAbiParameters(
    [
      { type: 'tuple', components: [{ type: 'address' }, { type: 'uint256' }] },
      { type: 'tuple', components: [{ type: 'uint256' }, { type: 'uint256' }] },
    ],
    [
      [thief, 2n],
      [3n, 4n],
    ],
  )
  const [interest] = watch.watch.interests
  const topics = interest?.kind === 'log' ? [...(interest.topics ?? [])] : []
  const { claims } = watch.see(withdrawals(log({ address: other, topics, data })))
  expect(claims[0]?.facts).toMatchObject({
    order: { maker: thief, amount: '2' },
    pair: ['3', '4'],
    'order.amount': '2',
  })
})

test.skipIf(!hasCorpus)('finds in recorded mainnet blocks what is there, and nothing else', () => {
  const usdc = contract('usdc', '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48')
  const watch = scene(expression, [usdc], { when: 'event Transfer if value >= 1_000e6' })
  const blocks = corpusReceiptBlocks()
  const large = blocks
    .flatMap(({ receipts }) => receipts.flatMap(({ logs }) => logs))
    .filter(({ address, topics: [topic] }) => address === usdc.address && topic === transferTopic)
    .filter(({ data }) => BigInt(data) >= 1_000_000_000n)
  const said = blocks.map((block) => watch.judge(modelBlock(block)))
  expect(large.length).toBeGreaterThan(5)
  expect(said.flatMap(({ claims }) => claims.map(({ facts }) => BigInt(String(facts.value))))).toEqual(
    large.map(({ data }) => BigInt(data)),
  )
  expect(said.flatMap(({ blind }) => blind)).toEqual([])
})

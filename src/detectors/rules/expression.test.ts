import fc from 'fast-check'
import { encodeAbiParameters, parseAbi, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { account, call, event, log, tx } from '../../../test/harness/node/block.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { RuleError } from '../../rules/ruleError.ts'
import { expression } from './expression.ts'

const [vaultAddress, treasuryAddress, thief, other] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
]
const withdrawSignature =
  'event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)'
const vault = contract('vault', vaultAddress, {
  abi: parseAbi([
    withdrawSignature,
    'event Named(string name, uint256[] values)',
    'function rescue(address to, uint256 amount)',
    'function totalAssets() view returns (uint256)',
    'function limitOf(address account) view returns (uint256)',
  ]),
})
const treasury = contract('treasury', treasuryAddress)

const watchFor = (when: string, options: object = {}, world = new World()) =>
  scene(expression, [vault], { when, options, names: [treasury], world })
const withdraw = (assets: bigint, receiver = thief, address = vaultAddress) =>
  event(withdrawSignature, address, { sender: thief, receiver, owner: thief, assets, shares: 1n })
const withdrawals = (...logs: ReturnType<typeof withdraw>[]) => ({ transactions: [tx({ from: thief, logs })] })

const big = 'event Withdraw if assets >= 1_000_000e6 and receiver != $treasury'

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

describe('a rule about a transaction', () => {
  const rescue = (amount: bigint) => call('function rescue(address to, uint256 amount)', [thief, amount])
  const called = (fields: Parameters<typeof tx>[0]) => ({
    transactions: [tx({ from: thief, to: vaultAddress, input: rescue(9n), ...fields })],
  })

  test('speaks of a call that took effect, and of a failed one only if asked', () => {
    const calls = watchFor('call rescue if amount > 8')
    expect(calls.see(called({})).claims).toMatchObject([
      {
        key: vaultAddress,
        title: 'Call of rescue on vault: from 0x0000…3333, to 0x0000…3333, amount 9',
        facts: { amount: '9' },
      },
    ])
    expect(calls.see(called({ input: rescue(8n) })).claims).toEqual([])
    expect(calls.see(called({ status: 'reverted' })).claims).toEqual([])
    expect(calls.see(called({ to: other })).claims).toEqual([])
    const failures = watchFor('reverted call rescue')
    expect(failures.see(called({ status: 'reverted' })).claims).toHaveLength(1)
    expect(failures.see(called({})).claims).toEqual([])
  })

  test('is blind for a call that took effect and cannot be decoded', () => {
    const { claims, blind } = watchFor('call rescue').see(called({ input: `0x${rescue(9n).slice(2, 12)}` }))
    expect(claims).toEqual([])
    expect(blind).toHaveLength(1)
  })

  test('is blind where the receipt is missing', () => {
    const watch = watchFor('call rescue')
    const { block } = watch.see(called({}))
    const { claims, blind } = watch.judge({ ...block, receipts: null })
    expect(claims).toEqual([])
    expect(blind).toEqual(['Call of rescue on vault: nobody can tell whether the call took effect'])
  })

  test('speaks of native value in and out, at the limit', () => {
    const watch = watchFor('transfer if value >= 1 ether and from == this')
    const sent = (value: bigint, from = vaultAddress) => ({ transactions: [tx({ from, to: other, value })] })
    expect(watch.see(sent(10n ** 18n)).claims).toMatchObject([{ facts: { value: '1000000000000000000', to: other } }])
    expect(watch.see(sent(10n ** 18n - 1n)).claims).toEqual([])
    expect(watch.see({ transactions: [tx({ from: thief, to: vaultAddress, value: 10n ** 18n })] }).claims).toEqual([])
    expect(watchFor('transfer').see(sent(0n)).claims).toEqual([])
    expect(
      watchFor('transfer').see({ transactions: [tx({ from: vaultAddress, value: 1n, status: 'reverted' })] }).claims,
    ).toEqual([])
  })

  test('speaks of any transaction by its selector', () => {
    const watch = watchFor('transaction if tx.selector == 0xdeadbeef and tx.status == "reverted"')
    expect(watch.see(called({ input: '0xdeadbeef00', status: 'reverted' })).claims).toHaveLength(1)
    expect(watch.see(called({ input: '0xdeadbeef00' })).claims).toEqual([])
    expect(watch.see(called({ input: '0xdead', status: 'reverted' })).claims).toEqual([])
  })
})

describe('a rule that looks inside transactions', () => {
  const rescue = (amount: bigint) => call('function rescue(address to, uint256 amount)', [thief, amount])
  /** The thief's contract calls the vault twice, the second time in vain, and borrows its code. */
  const attack = () =>
    tx({
      from: thief,
      to: other,
      calls: [
        { to: vaultAddress, input: rescue(7n), calls: [{ to: thief, value: 7n }] },
        { to: other, error: 'execution reverted', calls: [{ to: vaultAddress, input: rescue(8n), value: 8n }] },
        { kind: 'delegatecall', to: vaultAddress, input: rescue(9n) },
      ],
    })
  const see = (when: string, options: object, transaction = attack()) =>
    watchFor(when, options).see({ transactions: [transaction] })

  test('sees the calls of others that took effect, with the way to them', () => {
    const { claims, blind } = see('call rescue if amount > 1', { internal: 'all' })
    expect(blind).toEqual([])
    expect(claims.map(({ key, facts }) => [key, facts.amount, facts['call.path']])).toEqual([
      [`${vaultAddress} call 1`, '7', [thief, other, vaultAddress]],
    ])
    expect(see('call rescue if amount > 7', { internal: 'all' }).claims).toEqual([])
    expect(see('call rescue', {}).claims).toEqual([])
  })

  test('sees those that failed, also because of a call around them', () => {
    const { claims } = see('reverted call rescue', { internal: 'all' })
    expect(claims.map(({ key, facts }) => [key, facts.amount])).toEqual([[`${vaultAddress} call 4`, '8']])
  })

  test('sees value that moves inside and stays moved', () => {
    const { claims } = see('transfer if from == this', { internal: 'all' })
    expect(claims.map(({ key, facts }) => [key, facts.to, facts.value])).toEqual([
      [`${vaultAddress} call 2`, thief, '7'],
    ])
    expect(see('transfer if to == this', { internal: 'all' }).claims).toEqual([])
  })

  test('tells of a transaction to the contract itself once, as it does without', () => {
    const direct = tx({ from: thief, to: vaultAddress, input: rescue(7n) })
    const [without, within] = [{}, { internal: 'touching' }].map(
      (options) => see('call rescue', options, direct).claims,
    )
    expect(within).toEqual(without)
    expect(within).toHaveLength(1)
  })

  test('asks for a trace of what touches the contract only, unless for all', () => {
    expect(see('call rescue', { internal: 'touching' }).claims).toEqual([])
    const logged = { ...attack(), logs: [withdraw(7n)] }
    expect(see('call rescue', { internal: 'touching' }, logged).claims).toHaveLength(1)
  })

  test.each(['event Withdraw', 'log', 'transaction'])('is refused where it changes nothing: %s', (when) => {
    expect(() => watchFor(when, { internal: 'all' })).toThrow(/`internal` means nothing for/)
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

const goSelector = toFunctionSelector('function go((uint8 a, bytes b)[] list, string note)')

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

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

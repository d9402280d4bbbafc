import { parseAbi } from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import { hasCorpus } from '../../../test/harness/corpus.ts'
import { linkedChain } from '../../../test/harness/corpusChain.ts'
import { importScene, ozMonitorOf, testnet } from '../../../test/harness/importScene.ts'
import { account, block, call, chain, event, log, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'

const scene = importScene()
afterAll(() => scene.remove())

const [token, vault, ana, ben, eve] = [0x70, 0x71, 0xa, 0xb, 0xe].map(account) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const transferSignature = 'event Transfer(address indexed from, address indexed to, uint256 value)'
const abi = parseAbi([
  transferSignature,
  'function transfer(address to, uint256 value)',
  'function pause()',
  'event Filled((address maker, (uint256 price, string note) terms) order)',
  'event Voted(address indexed voter, uint96 votes)',
  'event Moved(int24 tick, bytes4 selector, uint48 since)',
])
const at = (address: string, spec: unknown = abi) => [{ address, contract_spec: spec }]
const transfer = (from: string, to: string, value: bigint) => event(transferSignature, token, { from, to, value })
const send = (to: string, value: bigint, rest: Partial<SomeTransaction> = {}) =>
  tx({ from: ana, to: token, input: call('function transfer(address to, uint256 value)', [to, value]), ...rest })

/** The monitors of one import over one block: `monitor: place of the transaction`, and `/place of the log`. */
async function judged(monitors: readonly object[], transactions: readonly SomeTransaction[], faults = []) {
  const { env } = scene.monitors(...monitors)
  const { found, blind } = await scene.judge(env, [block({ transactions })], faults)
  expect(blind).toEqual([])
  const places = transactions.map(({ hash }) => hash as string)
  return found
    .map(({ monitor, transaction, logIndex }) => {
      const place = `${monitor}: ${places.indexOf(transaction ?? '')}`
      return logIndex === null ? place : `${place}/${logIndex}`
    })
    .sort()
}

describe('an imported rule answers right', () => {
  test('for an event without expression', async () => {
    const monitor = ozMonitorOf('any', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const logs = [transfer(ana, ben, 1n), transfer(ben, eve, 2n)]
    const elsewhere = { ...transfer(ana, ben, 1n), address: vault }
    expect(await judged([monitor], [tx({ logs }), tx({ logs: [elsewhere] })])).toEqual(['any: 0/0', 'any: 0/1'])
  })

  test('for an event with conditions on address and amount, whatever the case and the spaces', async () => {
    const expression = `value > 100 AND (to == ${eve.toUpperCase().replace('0X', '0x')} OR from == '${eve}')`
    const events = [{ signature: 'Transfer(address, address, uint256)', expression }]
    const logs = [
      transfer(ana, eve, 100n),
      transfer(ana, eve, 101n),
      transfer(eve, ana, 101n),
      transfer(ana, ben, 500n),
    ]
    const monitor = ozMonitorOf('large', { addresses: at(token), events })
    expect(await judged([monitor], [tx({ logs })])).toEqual(['large: 0/1', 'large: 0/2'])
  })

  test('for several conditions on one event: what fits two of them is told once', async () => {
    const signature = 'Transfer(address,address,uint256)'
    const events = ['value > 5', `to == ${eve}`].map((expression) => ({ signature, expression }))
    const logs = [transfer(ana, eve, 6n), transfer(ana, ben, 6n), transfer(ana, eve, 5n), transfer(ana, ben, 5n)]
    const monitor = ozMonitorOf('some', { addresses: at(token), events })
    expect(await judged([monitor], [tx({ logs })])).toEqual(['some: 0/0', 'some: 0/1', 'some: 0/2'])
    const many = Array.from({ length: 400 }, (_, index) => ({ signature, expression: `value == ${index}` }))
    const { imported } = scene.monitors(ozMonitorOf('many', { addresses: at(token), events: many }))
    expect(imported.monitors).toHaveLength(400)
  })

  test('for addresses of which only some know the event', async () => {
    const known = at(vault, parseAbi(['event Paused(address account)']))
    const events = [{ signature: 'Transfer(address,address,uint256)' }, { signature: 'Paused(address)' }]
    const monitor = ozMonitorOf('each', { addresses: [...at(token), ...known], events })
    const paused = event('event Paused(address account)', vault, { account: ana })
    const logs = [transfer(ana, eve, 6n), paused, { ...paused, address: token }]
    expect(await judged([monitor], [tx({ logs })])).toEqual(['each-paused: 0/1', 'each-transfer: 0/0'])
    const { words } = scene.monitors(monitor)
    expect([...words('lost'), ...words('dead')]).toEqual([])
  })

  test('for functions without and with expression, and with no arguments', async () => {
    const functions = [
      { signature: 'transfer(address, uint256)', expression: 'value >= 10' },
      { signature: 'pause()', expression: null },
    ]
    const monitor = ozMonitorOf('calls', { addresses: at(token), functions, transactions: [{ status: 'Success' }] })
    const pause = tx({ to: token, input: call('function pause()') })
    const transactions = [send(ben, 9n), send(ben, 10n), pause, send(ben, 50n, { to: vault })]
    expect(await judged([monitor], transactions)).toEqual(['calls-pause: 2', 'calls-transfer: 1'])
  })

  test('for transactions that succeed, with and without a value', async () => {
    const status = { status: 'Success', expression: null }
    const paid = ozMonitorOf('paid', {
      addresses: at(token),
      transactions: [{ status: 'Success', expression: 'value > 1000000000000000000' }],
    })
    const all = ozMonitorOf('all', { addresses: at(token), transactions: [status] })
    const transactions = [
      tx({ to: token, value: 10n ** 18n }),
      tx({ to: token, value: 10n ** 18n + 1n }),
      tx({ to: token, value: 5n * 10n ** 18n, status: 'reverted' }),
      tx({ to: vault, value: 5n * 10n ** 18n }),
      tx({ from: token, to: vault }),
      tx({ to: vault, value: 2n * 10n ** 18n, logs: [transfer(ana, ben, 1n)] }),
    ]
    expect(await judged([paid, all], transactions)).toEqual([
      'all-logs: 5/0',
      'all-transactions: 0',
      'all-transactions: 1',
      'all-transactions: 4',
      'paid-logs: 5/0',
      'paid-transactions: 1',
    ])
  })

  test('for an event, a function and gas used in one monitor', async () => {
    const monitor = ozMonitorOf('both', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)', expression: 'value > 5' }],
      functions: [{ signature: 'transfer(address,uint256)', expression: 'value > 5' }],
      transactions: [{ status: 'Success', expression: 'gas_used > 50000 AND transaction_index < 3' }],
    })
    const moved = { logs: [transfer(ana, ben, 6n)] }
    const transactions = [
      send(ben, 6n, { gasUsed: 50_001, ...moved }),
      send(ben, 6n, { gasUsed: 50_000, ...moved }),
      tx({ to: vault, gasUsed: 60_000, ...moved }),
      send(ben, 6n, { gasUsed: 60_000, ...moved }),
    ]
    expect(await judged([monitor], transactions)).toEqual([
      'both-transfer-2: 0',
      'both-transfer: 0/0',
      'both-transfer: 2/2',
    ])
  })

  test('where receipts have to be asked for one by one to know the outcome', async () => {
    const functions = [{ signature: 'transfer(address,uint256)' }]
    const failed = ozMonitorOf('failed', { addresses: at(token), functions, transactions: [{ status: 'Failure' }] })
    const { env } = scene.monitors(failed)
    const transactions = [send(ben, 1n), send(ben, 2n, { status: 'reverted' })]
    const unknown = {
      kind: 'error',
      code: -32601,
      message: 'no such method',
      methods: ['eth_getBlockReceipts'],
    } as const
    const { found, blind } = await scene.judge(env, [block({ transactions })], [unknown])
    expect(blind).toEqual([])
    expect(found.map(({ transaction }) => transaction)).toEqual([transactions[1]!.hash])
  })

  test('for a tuple in a tuple: contains, the whole, and a part of it', async () => {
    const filled = (maker: string, price: bigint, note: string) =>
      event('event Filled((address maker, (uint256 price, string note) terms) order)', token, {
        order: { maker, terms: { price, note } },
      })
    const rules = {
      price: 'order contains 777',
      note: "order contains 'URGENT'",
      whole: `order == '(${ana}, (5, "hello"))'`,
      part: 'order.terms.price > 700',
    }
    const monitors = Object.entries(rules).map(([name, expression]) =>
      ozMonitorOf(name, {
        addresses: at(token),
        events: [{ signature: 'Filled((address,(uint256,string)))', expression }],
      }),
    )
    const logs = [filled(ana, 5n, 'Hello'), filled(ben, 777n, 'x'), filled(ben, 5n, 'urgent'), filled(ben, 5n, 'Hello')]
    const expected = ['note: 0/2', 'part: 0/1', 'price: 0/1', 'whole: 0/0']
    expect(await judged(monitors, [tx({ logs })])).toEqual(expected)
  })

  test('for two events of one signature in one transaction, each with arguments of its own', async () => {
    const monitor = ozMonitorOf('two', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const { env } = scene.monitors(monitor)
    const transactions = [tx({ logs: [transfer(ana, ben, 1n), transfer(eve, ana, 2n)] })]
    const { found } = await scene.judge(env, [block({ transactions })])
    expect(found.map(({ facts }) => facts)).toMatchObject([
      { from: ana, to: ben, value: '1' },
      { from: eve, to: ana, value: '2' },
    ])
  })
})

describe('an imported rule answers right where OpenZeppelin Monitor does not', () => {
  test('it knows a failed transaction in a block in which others log', async () => {
    const functions = [{ signature: 'transfer(address,uint256)' }]
    const monitors = ['Success', 'Failure', 'Any'].map((status) =>
      ozMonitorOf(status, { addresses: at(token), functions, transactions: [{ status }] }),
    )
    const transactions = [send(ben, 1n, { logs: [transfer(ana, ben, 1n)] }), send(ben, 2n, { status: 'reverted' })]
    expect(await judged(monitors, transactions)).toEqual([
      'any-transfer-reverted: 1',
      'any-transfer: 0',
      'failure: 1',
      'success: 0',
    ])
    expect(scene.monitors(...monitors).words('dead')).toEqual([
      'Success: Its filter on Success let failed transactions pass in each block in which anything was logged.',
      'Failure: Its filter on Failure matched nothing in blocks in which anything was logged.',
    ])
  })

  test('it lives through a log without a topic', async () => {
    const monitor = ozMonitorOf('any', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const logs = [log({ address: token }), transfer(ana, ben, 1n)]
    expect(await judged([monitor], [tx({ logs })])).toEqual(['any: 0/1'])
  })

  test('it keeps apart what several monitors know of one address', async () => {
    const part = (signature: string) => at(token, parseAbi([signature]))
    const pausing = ozMonitorOf('pausing', {
      addresses: part('function pause()'),
      functions: [{ signature: 'pause()' }],
    })
    const sending = ozMonitorOf('sending', {
      addresses: part('function transfer(address to, uint256 value)'),
      functions: [{ signature: 'transfer(address,uint256)', expression: 'value > 1' }],
    })
    const renamed = ozMonitorOf('renamed', {
      addresses: part('function transfer(address dst, uint256 wad)'),
      functions: [{ signature: 'transfer(address,uint256)', expression: 'wad > 2' }],
    })
    const transactions = [tx({ to: token, input: call('function pause()') }), send(ben, 2n), send(ben, 3n)]
    const expected = ['pausing-pause: 0', 'renamed-transfer: 2', 'sending-transfer: 1', 'sending-transfer: 2']
    expect(await judged([pausing, sending, renamed], transactions)).toEqual(expected)
    const { words, imported } = scene.monitors(pausing, sending, renamed)
    expect(words('dead')).toHaveLength(3)
    expect(words('dead')[0]).toContain('there are 3 ABIs, and chance chose the one')
    expect(imported.contracts.map(({ address }) => address)).toEqual([token, token])
  })

  test('it compares integers of every width, bytes of every size and parts of tuples', async () => {
    const rules = {
      votes: ['Voted(address,uint96)', 'votes >= 1000000000000000000000'],
      tick: ['Moved(int24,bytes4,uint48)', 'tick < -100'],
      selector: ['Moved(int24,bytes4,uint48)', 'selector == 0xA9059CBB'],
      since: ['Moved(int24,bytes4,uint48)', 'since > 7 AND tick > -200'],
    } as const
    const monitors = Object.entries(rules).map(([name, [signature, expression]]) =>
      ozMonitorOf(name, { addresses: at(token), events: [{ signature, expression }] }),
    )
    const moved = (tick: number, selector: string, since: number) =>
      event('event Moved(int24 tick, bytes4 selector, uint48 since)', token, { tick, selector, since })
    const voted = (votes: bigint) =>
      event('event Voted(address indexed voter, uint96 votes)', token, { voter: ana, votes })
    const logs = [voted(10n ** 21n), voted(10n ** 21n - 1n), moved(-101, '0x00000000', 7), moved(-100, '0xa9059cbb', 8)]
    const expected = ['selector: 0/3', 'since: 0/3', 'tick: 0/2', 'votes: 0/0']
    expect(await judged(monitors, [tx({ logs })])).toEqual(expected)
    const { words } = scene.monitors(...monitors)
    expect(words('lost')).toEqual([])
    expect(words('dead').map((line) => /is of type (\w+)/.exec(line)?.[1])).toEqual([
      'uint96',
      'int24',
      'bytes4',
      'uint48',
      'int24',
    ])
  })

  test('it watches one address on two chains, each by its own ABI', async () => {
    const other = {
      ...testnet,
      slug: 'other',
      chain_id: 2,
      rpc_urls: [{ type_: 'rpc', url: 'http://127.0.0.1:2/s3cret' }],
    }
    const monitor = ozMonitorOf('both', {
      networks: ['testnet', 'other'],
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const files = { 'networks/a.json': testnet, 'networks/b.json': other, 'monitors/a.json': monitor }
    const { env } = scene.import(files)
    expect(scene.written().monitors.both?.on).toEqual(['contract_000000', 'contract_000000_other'])
    const blocks = chain(2, () => [tx({ logs: [transfer(ana, ben, 1n)] })])
    expect((await scene.judge(env, blocks)).found).toHaveLength(4)
  })
})

test.skipIf(!hasCorpus)('imported monitors find in recorded mainnet blocks what a plain count finds', async () => {
  const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
  const router = '0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad'
  const large = ozMonitorOf('large', {
    addresses: at(usdc.toUpperCase().replace('0X', '0x'), abi),
    events: [{ signature: 'Transfer(address, address, uint256)', expression: 'value > 10000000000' }],
    transactions: [{ status: 'Success', expression: null }],
  })
  const failed = ozMonitorOf('failed', {
    addresses: [{ address: router }],
    transactions: [{ status: 'Failure', expression: 'gas_used > 30000' }],
  })
  const { env } = scene.monitors(large, failed)
  const blocks = linkedChain(9, { from: 'receipts' })
  const { found, blind } = await scene.judge(env, blocks)
  expect(blind).toEqual([])

  const topic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
  const receipts = blocks.flatMap((each) => each.receipts)
  const logs = receipts.flatMap((receipt) => receipt.logs)
  const isLarge = (data: string) => BigInt(data) > 10_000_000_000n
  const expected = {
    large: logs.filter(({ address, topics, data }) => address === usdc && topics[0] === topic && isLarge(data)).length,
    failed: receipts.filter(({ to, from, status, gasUsed }) => {
      return (to === router || from === router) && status === '0x0' && Number(gasUsed) > 30_000
    }).length,
  }
  expect(Math.min(expected.large, expected.failed)).toBeGreaterThan(3)
  const counted = (name: string) => found.filter(({ monitor }) => monitor === name).length
  expect({ large: counted('large'), failed: counted('failed') }).toEqual(expected)
})

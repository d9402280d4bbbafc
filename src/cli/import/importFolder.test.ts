import { parseAbi } from 'viem'
import { afterAll, describe, expect, test } from 'vitest'
import { hasCorpus } from '../../../test/harness/corpus.ts'
import { linkedChain } from '../../../test/harness/corpusChain.ts'
import {
  abi,
  ana,
  at,
  ben,
  eve,
  importScene,
  ozMonitorOf,
  send,
  token,
  transfer,
  vault,
} from '../../../test/harness/importScene.ts'
import { block, call, event, tx } from '../../../test/harness/node/block.ts'

const scene = importScene()
afterAll(() => scene.remove())

describe('an imported rule answers right', () => {
  test('for an event without expression', async () => {
    const monitor = ozMonitorOf('any', {
      addresses: at(token),
      events: [{ signature: 'Transfer(address,address,uint256)' }],
    })
    const logs = [transfer(ana, ben, 1n), transfer(ben, eve, 2n)]
    const elsewhere = { ...transfer(ana, ben, 1n), address: vault }
    expect(await scene.judged([monitor], [tx({ logs }), tx({ logs: [elsewhere] })])).toEqual(['any: 0/0', 'any: 0/1'])
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
    expect(await scene.judged([monitor], [tx({ logs })])).toEqual(['large: 0/1', 'large: 0/2'])
  })

  test('for several conditions on one event: what fits two of them is told once', async () => {
    const signature = 'Transfer(address,address,uint256)'
    const events = ['value > 5', `to == ${eve}`].map((expression) => ({ signature, expression }))
    const logs = [transfer(ana, eve, 6n), transfer(ana, ben, 6n), transfer(ana, eve, 5n), transfer(ana, ben, 5n)]
    const monitor = ozMonitorOf('some', { addresses: at(token), events })
    expect(await scene.judged([monitor], [tx({ logs })])).toEqual(['some: 0/0', 'some: 0/1', 'some: 0/2'])
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
    expect(await scene.judged([monitor], [tx({ logs })])).toEqual(['each-paused: 0/1', 'each-transfer: 0/0'])
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
    expect(await scene.judged([monitor], transactions)).toEqual(['calls-pause: 2', 'calls-transfer: 1'])
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
    expect(await scene.judged([paid, all], transactions)).toEqual([
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
    expect(await scene.judged([monitor], transactions)).toEqual([
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
    expect(await scene.judged(monitors, [tx({ logs })])).toEqual(expected)
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

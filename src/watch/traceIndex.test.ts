import { describe, expect, test } from 'vitest'
import { account, log, type SomeTransaction, block as serveBlock, tx } from '../../test/harness/node/block.ts'
import { tracedBlock } from '../../test/harness/scene.ts'
import { monitor } from '../../test/harness/watchScene.ts'
import type { Hex, Trace } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import { createDispatchIndex } from './dispatchIndex.ts'

const [vault, token, ana, thief, router] = [account(0x7a), account(0x7b), account(0xa), account(0xbad), account(0xc)]
const topicOf = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`
const withdraw: Hex = '0xaabbccdd'
const inner = [{ to: vault, input: withdraw }]

const indexOf = (...interests: Interest[]) => {
  const one = monitor('one', { interests, detect: () => ({}) })
  return { one, index: createDispatchIndex([one]) }
}

/** Places of the transactions that are traced, and of those that the monitor is handed; `+` with their calls. */
function seen(transactions: SomeTransaction[], ...interests: Interest[]) {
  const { one, index } = indexOf(...interests)
  const block = tracedBlock(serveBlock({ transactions }), index)
  const outcomes = index.match(block).get(one)?.outcomes ?? []
  return {
    receipts: index.wantsReceipts(block),
    traced: index.wantsTraces(block).map(({ index: place }) => place),
    handed: outcomes.map(({ transaction, calls }) => `${transaction.index}${calls ? '+' : ''}`),
  }
}

const calls = (internal: 'touching' | 'all', selectors: Hex[] = [withdraw]): Interest => ({
  kind: 'call',
  addresses: [vault],
  selectors,
  internal,
})

describe('calls inside transactions', () => {
  const transactions = [
    tx({ to: router, calls: inner }),
    tx({ to: router, calls: inner, logs: [log({ address: vault })] }),
    tx({ to: router, calls: inner, logs: [log({ address: token, topics: [topicOf(token), topicOf(vault)] })] }),
    tx({ to: vault, input: '0x01', calls: [{ to: thief, calls: inner }] }),
    tx({ to: vault, input: withdraw }),
    tx({ to: router, logs: [log({ address: vault })], calls: [{ to: token, calls: [{ to: vault, input: '0x02' }] }] }),
    tx({ to: null, calls: inner }),
    tx({ from: vault, to: router, calls: [{ to: vault, kind: 'delegatecall', input: withdraw }] }),
    tx({ to: ana }),
  ]

  test('are looked for in those that touch the address, and only there', () => {
    expect(seen(transactions, calls('touching'))).toEqual({
      receipts: true,
      traced: [1, 2, 3, 4, 5, 7],
      handed: ['1+', '2+', '3+', '4+'],
    })
  })

  test('are looked for everywhere where that is asked', () => {
    expect(seen(transactions, calls('all'))).toEqual({
      receipts: true,
      traced: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      handed: ['0+', '1+', '2+', '3+', '4+', '6+'],
    })
  })

  test('are handed over without others of the same monitor losing their place', () => {
    const both: Interest[] = [calls('touching'), { kind: 'transaction', touching: [ana, router] }]
    expect(seen(transactions, ...both).handed).toEqual(['0', '1+', '2+', '3+', '4+', '5', '7', '8'])
  })

  test('of a created contract are found by its receipt', () => {
    const creation = tx({ from: ana, to: null, nonce: 77, input: '0x60' })
    const block = serveBlock({ transactions: [creation] })
    const created = block.receipts[0]!.contractAddress!
    const wish: Interest = { kind: 'transaction', touching: [created], traces: 'touching' }
    expect(seen([creation], wish)).toEqual({ receipts: true, traced: [0], handed: ['0+'] })
  })

  test('belong to whoever asked for them, whatever others see', () => {
    const near = monitor('near', { interests: [calls('touching')], detect: () => ({}) })
    const far = monitor('far', { interests: [calls('all')], detect: () => ({}) })
    const index = createDispatchIndex([near, far])
    const block = tracedBlock(serveBlock({ transactions: transactions.slice(0, 2) }), index)
    const found = index.match(block)
    expect(found.get(near)?.outcomes.map(({ transaction }) => transaction.index)).toEqual([1])
    expect(found.get(far)?.outcomes.map(({ transaction }) => transaction.index)).toEqual([0, 1])
  })
})

describe('transactions with their traces', () => {
  const transactions = [
    tx({ to: router, calls: [{ to: ana, value: 5n }] }),
    tx({ to: router, logs: [log({ address: token, topics: [topicOf(token), topicOf(ana)] })] }),
    tx({ from: ana, to: router }),
    tx({ to: thief }),
  ]
  const wish = (traces: 'touching' | 'all'): Interest => ({ kind: 'transaction', touching: [ana], traces })

  test('are those that touch an address without a look inside', () => {
    expect(seen(transactions, wish('touching'))).toEqual({ receipts: true, traced: [1, 2], handed: ['1+', '2+'] })
  })

  test('are those that touch it inside, too, where all are traced', () => {
    expect(seen(transactions, wish('all'))).toEqual({
      receipts: true,
      traced: [0, 1, 2, 3],
      handed: ['0+', '1+', '2+'],
    })
  })
})

describe('nothing is traced', () => {
  test('where nobody asks for it', () => {
    const plain: Interest = { kind: 'call', addresses: [vault] }
    expect(seen([tx({ to: vault, calls: inner })], plain)).toEqual({ receipts: true, traced: [], handed: ['0'] })
  })

  test('in a block that touches no watched address, which then needs no receipts', () => {
    const quiet = [tx({ to: router, logs: [log({ address: token })] })]
    expect(seen(quiet, calls('touching'))).toEqual({ receipts: false, traced: [], handed: [] })
  })
})

test('whoever asked for a trace that nobody gives is told why, and nobody else', () => {
  const asking = monitor('asking', { interests: [calls('touching')], detect: () => ({}) })
  const everywhere = monitor('everywhere', { interests: [calls('all')], detect: () => ({}) })
  const elsewhere = monitor('elsewhere', {
    interests: [{ kind: 'transaction', touching: [ana], traces: 'touching' }],
    detect: () => ({}),
  })
  const plain = monitor('plain', { interests: [{ kind: 'call', addresses: [vault] }], detect: () => ({}) })
  const index = createDispatchIndex([asking, everywhere, elsewhere, plain])
  const block = tracedBlock(serveBlock({ transactions: [tx({ to: vault, input: withdraw })] }), index)
  const missing: Trace = { ok: false, reason: 'the disk is full', lasting: false }
  const found = index.match({ ...block, traces: new Map([[block.transactions[0]!.hash, missing]]) })
  expect(found.get(asking)).toMatchObject({ untraced: 'the disk is full', outcomes: [{ receipt: {} }] })
  expect(found.get(everywhere)).toMatchObject({ untraced: 'the disk is full' })
  expect(found.get(elsewhere)).toBeUndefined()
  expect(found.get(plain)).not.toHaveProperty('untraced')
  expect(found.get(plain)?.outcomes).toHaveLength(1)
})

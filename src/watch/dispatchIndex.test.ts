import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, log, type SomeTransaction, block as serveBlock, tx } from '../../test/harness/node/block.ts'
import { modelBlock } from '../../test/harness/scene.ts'
import { monitor } from '../../test/harness/watchScene.ts'
import type { Address, Block, Hex, Log } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import type { Monitor } from '../model/monitor.ts'
import { createDispatchIndex } from './dispatchIndex.ts'

const [vault, token, ana, ben] = [account(0x7a), account(0x7b), account(0xa), account(0xb)]
const topic = (number: number): Hex => `0x${number.toString(16).padStart(64, '0')}`
const blockOf = (...transactions: SomeTransaction[]): Block => modelBlock(serveBlock({ number: 12, transactions }))
const wanting = (...interests: Interest[]): Monitor => monitor('one', { interests, detect: () => ({}) })

/** What one monitor with these interests is handed of the block. */
function hitsOf(block: Block, ...interests: Interest[]) {
  const one = wanting(...interests)
  const hits = createDispatchIndex([one]).match(block).get(one)
  return (
    hits && {
      ...hits,
      logs: hits.logs.map(({ logIndex }) => logIndex),
      outcomes: hits.outcomes.map(({ transaction }) => transaction.index),
    }
  )
}

describe('logs', () => {
  const block = blockOf(
    tx({ logs: [log({ address: vault, topics: [topic(1)] }), log({ address: vault, topics: [topic(2), topic(1)] })] }),
    tx({ logs: [log({ address: token, topics: [topic(1)] }), log({ address: token }), log({ address: vault })] }),
  )
  const logs = (...interests: Interest[]) => hitsOf(block, ...interests)?.logs

  test('are found by address and first topic, by either, or all of them', () => {
    expect(logs({ kind: 'log', addresses: [vault], topics: [topic(1)] })).toEqual([0])
    expect(logs({ kind: 'log', addresses: [vault, token], topics: [topic(1), topic(2)] })).toEqual([0, 1, 2])
    expect(logs({ kind: 'log', addresses: [vault] })).toEqual([0, 1, 4])
    expect(logs({ kind: 'log', topics: [topic(1)] })).toEqual([0, 2])
    expect(logs({ kind: 'log' })).toEqual([0, 1, 2, 3, 4])
    expect(logs({ kind: 'log', addresses: [ana] })).toBeUndefined()
    expect(logs({ kind: 'log', addresses: [token], topics: [topic(2)] })).toBeUndefined()
    expect(logs({ kind: 'log', addresses: [] })).toBeUndefined()
  })

  test('are handed over once, however many interests name them', () => {
    const everything: Interest[] = [
      { kind: 'log', addresses: [vault], topics: [topic(1)] },
      { kind: 'log', addresses: [vault] },
      { kind: 'log', topics: [topic(1)] },
      { kind: 'log' },
    ]
    expect(logs(...everything)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('logs about an account', () => {
  const about = (first: number, ...accounts: Address[]) =>
    log({ address: token, topics: [topic(first), ...accounts.map((account) => topic(Number(account)))] })
  const block = blockOf(tx({ logs: [about(1, ana, ben), about(1, ben, ben, ana), about(2, ana), about(0xa)] }))
  const logs = (...interests: Interest[]) => hitsOf(block, ...interests)?.logs
  const wants = (interest: Interest) => createDispatchIndex([wanting(interest)]).wantsReceipts(block)

  test('are found by its address in any topic but the first', () => {
    expect(logs({ kind: 'log', accounts: [ana] })).toEqual([0, 1, 2])
    expect(logs({ kind: 'log', accounts: [ana, ben], topics: [topic(1)] })).toEqual([0, 1])
    expect(logs({ kind: 'log', accounts: [ana], addresses: [vault] })).toBeUndefined()
    expect(logs({ kind: 'log', accounts: [vault] })).toBeUndefined()
    expect(logs({ kind: 'log', accounts: [ana], topics: [topic(1)] }, { kind: 'log', topics: [topic(2)] })).toEqual([
      0, 1, 2,
    ])
  })

  test('need no receipts where the bloom knows nothing of the account, however common the event', () => {
    expect(wants({ kind: 'log', accounts: [ana], topics: [topic(1)] })).toBe(true)
    expect(wants({ kind: 'log', accounts: [vault], topics: [topic(1)] })).toBe(false)
    expect(wants({ kind: 'log', accounts: [ana], topics: [topic(9)] })).toBe(false)
    expect(wants({ kind: 'log', accounts: [ana], addresses: [vault] })).toBe(false)
    expect(wants({ kind: 'log', accounts: [] })).toBe(false)
  })
})

describe('transactions', () => {
  const block = blockOf(
    tx({ from: ana, to: vault, input: '0xaabbccdd01' }),
    tx({ from: ana, to: vault, input: '0x11223344' }),
    tx({ from: vault, to: ben }),
    tx({ from: ben, to: null, input: '0xaabbccdd' }),
    tx({ from: ana, to: vault, input: '0xaabb' }),
    tx({ from: vault, to: vault, input: '0xaabbccdd' }),
  )
  const outcomes = (...interests: Interest[]) => hitsOf(block, ...interests)?.outcomes

  test('are found by the address called and the selector', () => {
    expect(outcomes({ kind: 'call', addresses: [vault], selectors: ['0xaabbccdd'] })).toEqual([0, 5])
    expect(outcomes({ kind: 'call', addresses: [vault] })).toEqual([0, 1, 4, 5])
    expect(outcomes({ kind: 'call', addresses: [token] })).toBeUndefined()
  })

  test('are found by either end', () => {
    expect(outcomes({ kind: 'transaction', touching: [vault] })).toEqual([0, 1, 2, 4, 5])
    expect(outcomes({ kind: 'transaction', touching: [ben] })).toEqual([2, 3])
  })

  test('are handed over once, with their receipt', () => {
    const both: Interest[] = [
      { kind: 'call', addresses: [vault] },
      { kind: 'call', addresses: [vault], selectors: ['0xaabbccdd'] },
      { kind: 'transaction', touching: [vault, ana] },
    ]
    expect(outcomes(...both)).toEqual([0, 1, 2, 4, 5])
    const one = wanting(...both)
    const hits = createDispatchIndex([one]).match(block).get(one)
    expect(hits?.outcomes.every(({ transaction, receipt }) => receipt?.transactionHash === transaction.hash)).toBe(true)
    const bare = createDispatchIndex([one])
      .match({ ...block, receipts: null })
      .get(one)
    expect(bare?.outcomes.every(({ receipt }) => receipt === null)).toBe(true)
  })
})

describe('periods', () => {
  const read = { at: 'block', kind: 'balance', of: vault } as const
  const at = (number: number, ...interests: Interest[]) => hitsOf({ ...blockOf(), number }, ...interests)

  test('come every so many blocks', () => {
    const every = (everyBlocks: number) => ({ kind: 'tick', everyBlocks }) as const
    expect(at(12, every(4))).toMatchObject({ ticked: true, reads: [] })
    expect(at(13, every(4))).toBeUndefined()
    expect(at(0, every(1))).toMatchObject({ ticked: true })
    expect(at(12, { kind: 'state', reads: [read], everyBlocks: 6 }, every(5))).toMatchObject({
      ticked: false,
      reads: [read],
    })
    expect(at(12, { kind: 'state', reads: [], everyBlocks: 6 })).toMatchObject({ ticked: false })
    expect(at(12, { kind: 'state', reads: [read], everyBlocks: 6 }, every(3))).toMatchObject({ ticked: true })
  })

  test('that would never come are refused when the config is loaded', () => {
    for (const everyBlocks of [0, -1, 1.5, Number.NaN]) {
      expect(() => createDispatchIndex([wanting({ kind: 'tick', everyBlocks })])).toThrow(RangeError)
    }
  })
})

describe('receipts are wanted', () => {
  const wants = (block: Block, ...interests: Interest[]) =>
    createDispatchIndex([wanting(...interests)]).wantsReceipts(block)
  const busy = blockOf(tx({ to: vault, input: '0xaabbccdd', logs: [log({ address: token, topics: [topic(1)] })] }))

  test('only where something in the block can interest somebody', () => {
    expect(wants(busy, { kind: 'log', addresses: [token] })).toBe(true)
    expect(wants(busy, { kind: 'log', addresses: [token], topics: [topic(9)] })).toBe(false)
    expect(wants(busy, { kind: 'log', addresses: [ana], topics: [topic(1)] })).toBe(false)
    expect(wants(busy, { kind: 'call', addresses: [vault] })).toBe(true)
    expect(wants(busy, { kind: 'call', addresses: [vault], selectors: ['0x00000000'] })).toBe(false)
    expect(wants(busy, { kind: 'tick', everyBlocks: 1 })).toBe(false)
    expect(wants(blockOf(), { kind: 'log' })).toBe(false)
  })

  test('where the chain keeps no blooms', () => {
    const unkept = { ...busy, logsBloom: `0x${'00'.repeat(256)}` } as const
    expect(wants(unkept, { kind: 'log', addresses: [token] })).toBe(true)
  })

  const few = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 })
  const addresses = [vault, token, ana, ben, account(1), account(2)]
  const topics = [1, 2, 3, 4, 5].map(topic)
  const selectors: Hex[] = ['0xaabbccdd', '0x11223344', '0xdeadbeef']
  const interest: fc.Arbitrary<Interest> = fc.oneof(
    fc.record(
      { kind: fc.constant('log' as const), addresses: few(addresses), topics: few(topics), accounts: few(addresses) },
      { requiredKeys: ['kind'] },
    ),
    fc.record(
      { kind: fc.constant('call' as const), addresses: few(addresses), selectors: few(selectors) },
      { requiredKeys: ['kind', 'addresses'] },
    ),
    fc.record({ kind: fc.constant('transaction' as const), touching: few(addresses) }),
  )
  const transaction = fc
    .record({
      from: fc.constantFrom(...addresses),
      to: fc.option(fc.constantFrom(...addresses)),
      input: fc.constantFrom(...selectors, '0x' as Hex),
      logs: fc.array(
        fc.record({
          address: fc.constantFrom(...addresses),
          topics: fc.array(fc.constantFrom(...topics, topic(0xa), topic(0x7a)), { maxLength: 4 }),
          data: fc.constant('0x' as Hex),
        }),
        { maxLength: 3 },
      ),
    })
    .map((fields) => tx(fields))

  test('and the index hands over exactly what a monitor asked for, never ruled out by the bloom', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(interest, { maxLength: 3 }), { maxLength: 5 }),
        fc.array(transaction, { maxLength: 5 }),
        (wishes, transactions) => {
          const block = blockOf(...transactions)
          const monitors = wishes.map((interests) => wanting(...interests))
          const index = createDispatchIndex(monitors)
          const found = index.match(block)
          for (const one of monitors) {
            const hits = found.get(one)
            const { interests } = one.watch
            expect(hits?.logs ?? []).toEqual(
              allLogs(block).filter((each) => interests.some((some) => isWantedLog(some, each))),
            )
            expect(hits?.outcomes.map(({ transaction }) => transaction) ?? []).toEqual(
              block.transactions.filter((each) => interests.some((some) => isWantedCall(some, each))),
            )
          }
          if (found.size > 0) expect(index.wantsReceipts(block)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

const allLogs = ({ receipts }: Block): Log[] => (receipts ?? []).flatMap(({ logs }) => logs)

function isWantedLog(interest: Interest, { address, topics: [first, ...rest] }: Log): boolean {
  if (interest.kind !== 'log') return false
  const { addresses, topics, accounts } = interest
  if (accounts && !accounts.some((account) => rest.includes(topic(Number(account))))) return false
  return (!addresses || addresses.includes(address)) && (!topics || (first !== undefined && topics.includes(first)))
}

function isWantedCall(
  interest: Interest,
  { from, to, input }: { from: Address; to: Address | null; input: Hex },
): boolean {
  if (interest.kind === 'transaction')
    return interest.touching.includes(from) || (to !== null && interest.touching.includes(to))
  if (interest.kind !== 'call' || to === null || !interest.addresses.includes(to)) return false
  return !interest.selectors || interest.selectors.some((selector) => input.slice(0, 10) === selector)
}

test('what a block costs does not grow with monitors that it does not concern', () => {
  let looks = 0
  const get = (target: Monitor, key: string | symbol) => {
    looks++
    return Reflect.get(target, key)
  }
  const others = Array.from({ length: 5000 }, (_, number) => {
    const watch = { interests: [{ kind: 'log' as const, addresses: [account(0x1000 + number)] }], detect: () => ({}) }
    return new Proxy(monitor(`other ${number}`, watch), { get })
  })
  const mine = wanting({ kind: 'log', addresses: [vault] })
  const index = createDispatchIndex([...others, mine])
  looks = 0
  const found = index.match(blockOf(tx({ logs: [log({ address: vault }), log({ address: token })] })))
  expect([...found.keys()]).toEqual([mine])
  expect(looks).toBe(0)
})

import { describe, expect, test } from 'vitest'
import { account } from '../../../test/harness/node/block.ts'
import { contract, type Seen, scene, word } from '../../../test/harness/scene.ts'
import type { Address, Block, Hex, Receipt, Transaction } from '../../model/chain.ts'
import { transactionRate } from './transactionRate.ts'

const vault = account(0x1111)
const other = account(0x2222)
const attacker = account(0xbad)
/** Thursday, 1970-01-01 plus whole weeks: the first hour of a week of hours. */
const start = 2_800 * 7 * 86_400
const [deposit, withdraw]: Hex[] = ['0xaaaaaaaa', '0xbbbbbbbb']

type Call = { from?: Address; input?: Hex; to?: Address; failed?: boolean }

/** Always the same numbers, for traffic that looks like chance. */
function chance(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function poisson(mean: number, random: () => number): number {
  let [count, product] = [0, random()]
  for (const limit = Math.exp(-mean); product > limit; product *= random()) count++
  return count
}

function watching(options: object = {}) {
  const watch = scene(transactionRate, [contract('vault', vault)], { options })
  let number = 0
  let hash = 0
  const at = (seconds: number, calls: Call[]): Seen => {
    number++
    const transactions = calls.map(
      ({ from = account(0x5000 + (hash % 500)), input = deposit!, to = vault }, index): Transaction => ({
        ...{ hash: word(++hash), index, from, to, value: 0n, input, nonce: 0, gas: 100_000n },
      }),
    )
    const receipts = transactions.map(
      (transaction, index): Receipt => ({
        ...{ transactionHash: transaction.hash, transactionIndex: index, from: transaction.from, to: transaction.to },
        ...{ status: calls[index]?.failed ? 'reverted' : 'success', contractAddress: null, logs: [] },
        ...{ gasUsed: 21_000n, effectiveGasPrice: 1n },
      }),
    )
    const place = { number, hash: word(number), parentHash: word(number - 1), timestamp: start + seconds }
    const block: Block = { ...place, logsBloom: '0x', transactions, receipts }
    return watch.judge(block)
  }
  /** A block every five minutes with what `of` says, from one time to another in hours. */
  const live = (from: number, to: number, of: (hour: number) => Call[]) => {
    const seen: Seen[] = []
    for (let seconds = from * 3600; seconds < to * 3600; seconds += 300) seen.push(at(seconds, of(seconds / 3600)))
    return seen
  }
  return { watch, at, live }
}

const calls = (count: number, call: Call = {}): Call[] => Array.from({ length: count }, () => call)
const titles = (seen: Seen[]) => seen.flatMap(({ claims }) => claims.map(({ title }) => title))
const hour = 3600

describe('transaction rate compared with its past', () => {
  test('is silent through eight ordinary days and speaks of a burst', () => {
    const { at, live } = watching()
    const random = chance(1)
    // Busy by day, quiet by night, busier at weekends, and more uneven than chance.
    const usual = (hours: number) => {
      const day = 6 + 5 * Math.sin((hours / 24) * 2 * Math.PI) + (hours % 168 > 120 ? 6 : 0)
      return calls(poisson(day * (0.5 + random()), random))
    }
    expect(titles(live(0, 8 * 24, usual))).toEqual([])
    const { claims } = at(8 * 24 * hour, calls(90))
    expect(claims.map(({ title }) => title)).toContainEqual(
      expect.stringMatching(/^90 transactions to vault within 5 minutes, where [\d.]+ are usual$/),
    )
    expect(claims[0]).toMatchObject({ evidence: 'soft', group: `rate ${vault}`, key: 'contract 1' })
  })

  test('knows the hour: what is usual at noon is not at night', () => {
    const { at, live } = watching()
    const random = chance(2)
    const usual = (hours: number) => calls(poisson(hours % 24 < 12 ? 60 : 1, random))
    live(0, 5 * 24, usual)
    expect(at(5 * 24 * hour, calls(60)).claims).toEqual([])
    live(5 * 24 + 1 / 12, 5 * 24 + 13, usual)
    const night = at((5 * 24 + 13) * hour, calls(60)).claims.map(({ facts }) => facts.series)
    expect(night).toContain('contract')
  })

  test('says nothing while it warms up, nor below the minimum', () => {
    const { at, live } = watching({ failed: false })
    expect(at(0, calls(500)).claims).toEqual([])
    live(1, 24, () => calls(1))
    expect(at(24 * hour - 1, calls(500)).claims).toEqual([])

    const later = watching({ minimum: 30 })
    later.live(0, 25, () => calls(1))
    expect(later.at(25 * hour, calls(29)).claims).toEqual([])
    expect(later.at(25 * hour + 1, calls(1)).claims.length).toBeGreaterThan(0)
  })

  test('speaks once an episode, says when it is over, and does not learn it', () => {
    const { at, live, watch } = watching({ by: ['contract'] })
    live(0, 48, () => calls(3))
    expect(at(48 * hour, calls(60)).claims).toHaveLength(1)
    const usual = () => (watch.memory.get(`usual ${vault}`) as { contract: { mean: number } }).contract.mean
    const before = usual()
    const long = live(48 + 1 / 12, 52, () => calls(60))
    expect(titles(long)).toEqual([])
    expect(usual()).toBeCloseTo(before, 1)
    const after = live(52, 53, () => calls(3))
    expect(after.flatMap(({ cleared }) => cleared)).toEqual([`rate ${vault}`])
    expect(at(53 * hour, calls(60)).claims).toMatchObject([{ key: 'contract 2' }])
  })

  test('takes for usual in the end what never stops', () => {
    const { live } = watching({ by: ['contract'], acceptAfter: '6h' })
    live(0, 48, () => calls(3))
    const seen = live(48, 120, () => calls(60))
    expect(titles(seen)).toHaveLength(1)
    expect(seen.flatMap(({ cleared }) => cleared)).toHaveLength(1)
  })

  test('sees an episode end although nothing happens any more', () => {
    const { at, live } = watching({ by: ['contract'] })
    live(0, 48, () => calls(3))
    at(48 * hour, calls(60))
    const silent = live(48 + 1 / 12, 52, () => [])
    expect(silent.flatMap(({ cleared }) => cleared)).toEqual([`rate ${vault}`])
  })

  test('points at the function and at the sender', () => {
    const { at, live } = watching()
    live(0, 48, () => [...calls(20), { input: withdraw! }])
    const { claims } = at(48 * hour, calls(25, { input: withdraw!, from: attacker }))
    expect(claims.map(({ facts, title }) => [facts.series, title.split(',')[0]])).toEqual([
      [`selector ${withdraw}`, '25 calls of 0xbbbbbbbb to vault within 5 minutes'],
      [`sender ${attacker}`, '25 transactions from 0x0000…0bad to vault within 5 minutes'],
    ])
    expect(claims[0]?.facts.senders).toEqual([{ key: attacker, count: 25 }])
  })

  test('lets a keeper work that always works so much', () => {
    const { at, live } = watching()
    const keeper = account(0x77)
    live(0, 48, (hours) => (Number.isInteger(hours) ? calls(40, { from: keeper, input: withdraw! }) : calls(2)))
    expect(at(48 * hour, calls(40, { from: keeper, input: withdraw! })).claims).toEqual([])
    expect(at(49 * hour, calls(40, { from: attacker })).claims.map(({ facts }) => facts.series)).toContain(
      `sender ${attacker}`,
    )
  })

  test('is silent about calls to other contracts', () => {
    const { at, live } = watching()
    live(0, 48, () => calls(3))
    expect(at(48 * hour, calls(500, { to: other }))).toMatchObject({ claims: [], memory: {} })
  })
})

describe('transaction rate of failures', () => {
  test('compares them with the past', () => {
    const { at, live } = watching({ by: ['failed'], failed: false })
    live(0, 48, () => [...calls(40), { failed: true }])
    expect(at(48 * hour, [...calls(40), ...calls(4, { failed: true })]).claims).toEqual([])
    const { claims } = at(48 * hour + 300, calls(25, { failed: true, from: attacker }))
    expect(claims).toMatchObject([
      {
        title: expect.stringMatching(/^25 failed transactions to vault within 5 minutes, where 1\.\d are usual$/),
        facts: { failingSenders: [{ key: attacker, count: 25 }] },
      },
    ])
  })

  test('speaks at the limit without any warm-up, not one below, and again after it has halved', () => {
    const { at } = watching()
    expect(at(0, calls(49, { failed: true })).claims).toEqual([])
    const { claims } = at(1800, calls(1, { failed: true }))
    expect(claims.map(({ title }) => title)).toEqual(['50 failed transactions to vault within 1 hour, the limit is 50'])
    expect(at(1900, calls(30, { failed: true })).claims).toEqual([])
    expect(at(9000, calls(49, { failed: true })).claims).toEqual([])
    expect(at(9001, calls(1, { failed: true })).claims).toMatchObject([{ key: 'failed limit 2' }])
  })

  test('takes a limit of one’s own, for all transactions too', () => {
    const { at } = watching({ limit: '100 per 10m', failed: '3 in day' })
    expect(at(0, calls(99)).claims).toEqual([])
    expect(at(599, calls(1)).claims.map(({ title }) => title)).toEqual([
      '100 transactions to vault within 10 minutes, the limit is 100',
    ])
    expect(at(80_000, calls(3, { failed: true })).claims[0]?.title).toContain('3 failed transactions')
    for (const bad of ['50', 'per hour', '0 per hour', '5 per fortnight', '-1 per h']) {
      expect(transactionRate.options.safeParse({ failed: bad }).success).toBe(false)
    }
  })

  test('says that it cannot count failures where there are no receipts', () => {
    const { watch } = watching()
    const transaction = {
      hash: word(1),
      index: 0,
      from: attacker,
      to: vault,
      value: 0n,
      input: deposit!,
      nonce: 0,
      gas: 1n,
    }
    const place = { number: 1, hash: word(1), parentHash: word(0), timestamp: start, logsBloom: '0x' as const }
    expect(watch.judge({ ...place, transactions: [transaction], receipts: null }).blind[0]).toContain('Receipts')
  })
})

test('transaction rate keeps its memory small, whoever floods it', () => {
  const { at, live, watch } = watching()
  live(0, 48, () => calls(3))
  for (let i = 0; i < 60; i++) {
    const flood = Array.from(
      { length: 400 },
      (_, j): Call => ({
        from: account(0x1000000 + i * 1000 + j),
        input: `0x${(i * 1000 + j).toString(16).padStart(8, '0')}${'ff'.repeat(1000)}`,
      }),
    )
    at(48 * hour + i * 60, [...flood, ...calls(40, { from: attacker })])
  }
  const sizes = [...watch.memory].map(([key, value]) => [key.split(' ')[0], JSON.stringify(value).length] as const)
  expect(sizes.map(([key]) => key).sort()).toEqual(['counts', 'episodes', 'recent', 'usual'])
  for (const [, size] of sizes) expect(size).toBeLessThan(30_000)
  const senders = (watch.memory.get(`counts ${vault}`) as { senders: [string, number, number][] }).senders
  expect(senders.length).toBeLessThanOrEqual(64)
  expect(senders.find(([key]) => key === attacker)?.[1]).toBeGreaterThanOrEqual(40)
})

import { parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, tx } from '../../test/harness/node/block.ts'
import { transferLog } from '../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../test/harness/scene.ts'
import type { Address, Hex } from '../model/chain.ts'
import type { Detection } from '../model/detector.ts'
import { oracleDeviation } from './oracle/oracleDeviation.ts'
import { oracleJump } from './oracle/oracleJump.ts'
import { valueJump } from './rules/valueJump.ts'
import { largeTransfer } from './value/largeTransfer.ts'
import { outflowCap } from './value/outflowCap.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [vault, thief, usdc, feed, pair] = [1, 2, 3, 4, 5].map(numbered) as [Address, Address, Address, Address, Address]
const words = (...values: bigint[]): Hex => `0x${values.map((each) => word(each).slice(2)).join('')}`
const names = Object.entries({ usdc, feed, pair }).map(([name, address]) => contract(name, address))
const start = 1_704_067_200

/** What is graver than medium, and all that was measured of it. */
function told(seen: readonly Detection[]) {
  const claims = seen.flatMap((each) => each.claims ?? []).filter(({ severity }) => severity !== 'medium')
  const measured = [...claims, ...seen.flatMap(({ grown = [] }) => grown)].flatMap((each) => each.measured ?? [])
  return { claims, measured, largest: Math.max(0, ...measured.map(({ value }) => value)) }
}

/** 1,000 USDC with two decimals, of which so many leave at once, each a minute after the one before. */
function payments(detector: typeof largeTransfer | typeof outflowCap, options: object, amounts: readonly number[]) {
  let balance = 100_000n
  const world = new World().token(usdc, 'USDC', 2).holds(usdc, vault, balance).settle()
  const watch = scene(detector, [contract('vault', vault)], { options, names, world })
  return amounts.map((amount, index) => {
    const value = BigInt(Math.round(amount * 100))
    balance -= value
    world.holds(usdc, vault, balance)
    const logs = [transferLog(usdc, { from: vault, to: thief, value })]
    return watch.see({ timestamp: start + 60 * index, transactions: [tx({ logs })] })
  })
}

/** Answers of one feed, one a block. */
function answers(options: object, prices: readonly bigint[]) {
  const world = new World()
  const watch = scene(oracleJump, [contract('market', vault)], {
    options: { feeds: ['$feed'], ...options },
    ...{ names, world },
  })
  return prices.map((price, index) => {
    const round = BigInt(index + 1)
    world.set(`call ${feed} 0xfeaf968c`, words(round, price, 1n, 1n, round))
    return watch.see()
  })
}

/** A feed that says 2,000 dollars, and a pair that says something else, one price a block. */
function sources(options: object, prices: readonly bigint[]) {
  const both = [{ feed: '$feed' }, { pair: '$pair', decimals: [18, 6] }]
  const world = new World().set(`call ${feed} 0xfeaf968c`, words(1n, 2_000n * 10n ** 8n, 1n, 1n, 1n))
  const watch = scene(oracleDeviation, [contract('market', vault)], {
    options: { sources: both, ...options },
    ...{ names, world },
  })
  return prices.map((price) => {
    world.set(`call ${pair} 0x0902f1ac`, words(10n ** 21n, 1_000n * price * 10n ** 6n, 0n))
    return watch.see()
  })
}

function values(options: object, cap: readonly bigint[]) {
  const world = new World()
  const abi = parseAbi(['function cap() view returns (uint256)'])
  const given = { values: ['cap()'], ...options }
  const watch = scene(valueJump, [contract('vault', vault, { abi })], { options: given, world })
  return cap.map((value) => {
    world.set(`call ${vault} 0x355274ea`, value)
    return watch.see()
  })
}

type Play = (options: object) => readonly Detection[]
const plays: [string, string[], Play, object, (limit: number) => object][] = [
  [
    'large-transfer in percent',
    ['percent'],
    (options) => payments(largeTransfer, options, [120, 260]),
    { percent: 10 },
    (percent) => ({ percent }),
  ],
  [
    'large-transfer by amount',
    ['amount'],
    (options) => payments(largeTransfer, options, [120.5, 260.25]),
    { amount: 100 },
    (amount) => ({ amount }),
  ],
  [
    'outflow-cap, whose sum grows after it has spoken',
    ['percent'],
    (options) => payments(outflowCap, { ...options, window: '1h' }, [110, 30, 40]),
    { percent: 10 },
    (percent) => ({ percent }),
  ],
  [
    'outflow-cap with windows',
    ['windows', '5m'],
    (options) => payments(outflowCap, options, [110, 30, 40]),
    { windows: { '5m': 10, '24h': 90 } },
    (limit) => ({ windows: { '5m': limit, '24h': 90 } }),
  ],
  [
    'outflow-cap with both limits',
    ['windows', '1h', 'percent'],
    (options) => payments(outflowCap, options, [110, 30, 40]),
    { windows: { '1h': { percent: 10, amount: 50 } } },
    (percent) => ({ windows: { '1h': { percent, amount: 50 } } }),
  ],
  ['oracle-jump', ['grave'], (options) => answers(options, [100n, 180n, 90n]), { grave: 50 }, (grave) => ({ grave })],
  [
    'oracle-deviation, which grows after it has spoken',
    ['grave'],
    (options) => sources(options, [2_200n, 2_200n, 2_500n, 2_500n, 2_300n]),
    { grave: 5 },
    (grave) => ({ grave }),
  ],
  ['value-jump', ['grave'], (options) => values(options, [100n, 300n, 120n]), { grave: 50 }, (grave) => ({ grave })],
]

describe('what is measured', () => {
  test.each(plays)('of %s is the limit that would have spared it', (_, path, play, options, withLimit) => {
    const { claims, measured, largest } = told(play(options))
    expect(claims.length).toBeGreaterThan(0)
    expect(claims.map(({ measured }) => measured?.limit)).toEqual(claims.map(() => path))
    expect(measured.every(({ limit }) => limit.join() === path.join())).toBe(true)
    expect(told(play(withLimit(largest * 1.001))).claims).toEqual([])
    expect(told(play(withLimit(largest * 0.999))).claims.length).toBeGreaterThan(0)
  })

  test('is nothing where a value changes without end', () => {
    const { claims } = told(values({}, [100n, 0n]))
    expect(claims).toHaveLength(1)
    expect(claims[0]).not.toHaveProperty('measured')
  })

  test('caps that are not given stand among the limits, so that naming one gives up none', () => {
    const { limits } = scene(outflowCap, [contract('vault', vault)], {}).watch
    expect(limits).toEqual({ windows: { block: 5, '5m': 10, '1h': 20, '24h': 35 } })
  })
})

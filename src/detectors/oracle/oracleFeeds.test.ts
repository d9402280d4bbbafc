import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { AnyDetector } from '../../model/detector.ts'
import { oracleBounds } from './oracleBounds.ts'
import { oracleConfig } from './oracleConfig.ts'
import { oracleJump } from './oracleJump.ts'
import { oracleStale } from './oracleStale.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const market = numbered(1)
const feed: Address = `0x${'fe'.repeat(20)}`
const aggregator: Address = `0x${'a3'.repeat(20)}`
const other: Address = `0x${'b4'.repeat(20)}`
const start = 1_704_067_200
const hour = 3600
const names = [contract('ethUsd', feed, { kind: 'chainlink-feed', role: 'dependency' })]

/** A market that relies on one feed, whose rounds the test writes. */
function feedScene(detector: AnyDetector, options: object = {}) {
  const world = new World()
  const watch = scene(detector, [contract('market', market)], {
    options: { feeds: ['$ethUsd'], ...options },
    names,
    world,
  })
  let round = 0n
  const answer = (price: bigint, updatedAt: number, answeredIn = ++round) => {
    const words = [round, BigInt.asUintN(256, price), BigInt(updatedAt), BigInt(updatedAt), answeredIn]
    world.set(`call ${feed} 0xfeaf968c`, `0x${words.map((each) => word(each).slice(2)).join('')}` as Hex)
  }
  const at = (seconds: number) => watch.see({ timestamp: start + seconds })
  return { world, watch, answer, at }
}
const titles = ({ claims }: { claims: { title: string }[] }) => claims.map(({ title }) => title)

describe('a stale feed', () => {
  test('is medium a little after its heartbeat, grave a little after the next one, and told as over', () => {
    const { answer, at } = feedScene(oracleStale, { heartbeat: hour })
    answer(2000n, start)
    expect(at(1.1 * hour)).toMatchObject({ claims: [], blind: [] })
    expect(at(1.1 * hour + 12).claims).toMatchObject([{ address: market, severity: 'medium' }])
    expect(at(1.2 * hour).claims).toEqual([])
    expect(at(2.2 * hour).claims).toEqual([])
    const grave = at(2.2 * hour + 12).claims
    expect(grave).toMatchObject([
      { title: 'The last price of ethUsd is 132 minutes old; it should come every 60 minutes', evidence: 'hard' },
    ])
    expect(grave[0]).not.toHaveProperty('severity')
    answer(2001n, start + 2.2 * hour + 20)
    expect(at(2.2 * hour + 24)).toMatchObject({ claims: [], cleared: [`stale ${feed}`] })
    expect(at(9 * hour).claims).toHaveLength(1)
  })

  test('learns how often it speaks, and until then waits a day', () => {
    const { answer, at } = feedScene(oracleStale)
    for (let round = 0; round < 4; round++) {
      answer(2000n, start + round * 2 * hour)
      expect(at(round * 2 * hour).claims).toEqual([])
    }
    expect(at(25 * hour).claims).toEqual([])
    answer(2000n, start + 25 * hour)
    at(25 * hour)
    answer(2000n, start + 27 * hour)
    at(27 * hour)
    // The longest pause was nineteen hours.
    expect(at(46 * hour).claims).toEqual([])
    expect(at((27 + 21) * hour).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('is medium where a round was not answered', () => {
    const { answer, at } = feedScene(oracleStale)
    answer(2000n, start)
    answer(2000n, start)
    answer(2000n, start, 1n)
    expect(titles(at(12))).toEqual(['The last round of ethUsd was not answered: its price is that of an earlier one'])
  })

  test('that cannot be read is blindness, and one without times is not judged', () => {
    const { answer, at } = feedScene(oracleStale)
    expect(at(12).blind).toEqual(['The feed ethUsd could not be read: the call reverted'])
    answer(2000n, 0)
    expect(at(24)).toMatchObject({ claims: [], blind: [] })
  })
})

describe('a feed at its bounds', () => {
  test.each([
    ['zero', 0n, 'ethUsd gives the price 0'],
    ['less than zero', -5n, 'ethUsd gives the price -5'],
    ['the least', 1010n, 'ethUsd gives 1,010, the least that it may give: the true price may be anything below'],
    ['the most', 99_000n, 'ethUsd gives 99,000, the most that it may give: the true price may be anything above'],
  ])('is told of: %s', (_, price, title) => {
    const { world, answer, at } = feedScene(oracleBounds)
    world.set(`call ${feed} 0x245a7bfc`, BigInt(aggregator))
    world.set(`call ${aggregator} 0x22adbc78`, 1000n).set(`call ${aggregator} 0x70da2f67`, 100_000n)
    answer(5000n, start)
    expect(at(12).claims).toEqual([])
    expect(at(24).claims).toEqual([])
    answer(price, start)
    const { claims } = at(36)
    expect(claims).toMatchObject([{ title, address: market, evidence: 'hard' }])
    expect(at(48).claims).toEqual([])
    answer(5000n, start)
    expect(at(60).cleared).toEqual([`bounds ${feed}`])
  })

  test('is not told of beside bounds that are none, nor where nobody names any', () => {
    const { world, answer, at } = feedScene(oracleBounds)
    world.set(`call ${feed} 0x22adbc78`, 1n).set(`call ${feed} 0x70da2f67`, 2n ** 176n - 1n)
    answer(1n, start)
    expect(at(12)).toMatchObject({ claims: [], blind: [] })
    answer(2n ** 180n, start)
    expect(at(24)).toMatchObject({ claims: [], blind: [] })
  })
})

describe('a feed that jumps', () => {
  test('is medium beyond what is usual, and grave beyond half', () => {
    const { answer, at } = feedScene(oracleJump)
    answer(1000n, start)
    at(12)
    answer(1090n, start)
    expect(at(24).claims).toEqual([])
    answer(1900n, start)
    expect(at(36).claims).toMatchObject([
      { title: 'The price of ethUsd rose by 74.31 % from one answer to the next', address: market },
    ])
    answer(1300n, start)
    expect(at(48).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('is let do what it does often', () => {
    const { answer, at } = feedScene(oracleJump, { percent: 10 })
    for (let round = 0; round < 9; round++) {
      answer(round % 2 === 0 ? 1000n : 1095n, start)
      expect(at(12 * round).claims).toEqual([])
    }
    answer(1250n, start)
    expect(at(200).claims).toEqual([])
  })
})

describe('the sources of prices', () => {
  const set = (world: World, values: Record<string, Hex | bigint>) => {
    for (const [question, value] of Object.entries(values)) world.set(question, value)
  }

  test('are taken as right at first, and told of when they change', () => {
    const { world, at } = feedScene(oracleConfig, { pointers: [{ in: '$market', slot: '0x4' }] })
    const slot = `storage ${market} ${word(4)}`
    set(world, { [`call ${feed} 0x245a7bfc`]: BigInt(aggregator), [slot]: BigInt(feed) })
    expect(at(12)).toMatchObject({ claims: [], blind: [] })
    expect(at(24).claims).toEqual([])
    world.set(`call ${feed} 0x245a7bfc`, BigInt(other))
    expect(at(36).claims).toMatchObject([
      {
        title: 'The aggregator of ethUsd was changed from 0xa3a3…a3a3 to 0xb4b4…b4b4',
        address: market,
        evidence: 'hard',
        facts: { before: aggregator, now: other },
      },
    ])
    world.set(slot, BigInt(other))
    expect(titles(at(48))).toEqual(['The source of prices of market was changed from ethUsd to 0xb4b4…b4b4'])
    expect(at(60).claims).toEqual([])
  })

  test('wake nobody where a timelock changes them as it had announced, and nothing else', () => {
    const [timelock, id] = [numbered(7), word(0xabc)]
    const put = (to: Address) => call('function setAggregator(address current)', [to])
    const run = (data: Hex, { readyAt = BigInt(start), kind = 'timelock', target = feed } = {}) => {
      const world = new World()
        .set(`call ${feed} 0x245a7bfc`, BigInt(aggregator))
        .set(`call ${timelock} 0xd45c4435${id.slice(2)}`, readyAt)
        .set(`call ${timelock} 0xf27a0c92`, 86_400n)
        .settle()
      const known = [...names, contract('timelock', timelock, { kind, role: 'dependency' })]
      const watch = scene(oracleConfig, [contract('market', market)], {
        ...{ options: { feeds: ['$ethUsd'] }, names: known, world },
      })
      watch.see({ timestamp: start + 12 })
      world.set(`call ${feed} 0x245a7bfc`, BigInt(other))
      const done = event(
        'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
        timelock,
        { id, index: 0n, target, value: 0n, data },
      )
      const transactions = [tx({ from: market, to: timelock, logs: [done] })]
      return watch
        .see({ timestamp: start + 24, transactions })
        .claims.map(({ severity, facts }) => [severity, facts.planned])
    }
    expect(run(put(other))).toEqual([['medium', `it had been scheduled in the timelock ${timelock}`]])
    for (const page of [
      run(put(aggregator)),
      run(put(other), { readyAt: 0n }),
      run(put(other), { kind: 'account' }),
      run(put(other), { target: market }),
    ])
      expect(page).toEqual([[undefined, undefined]])
  })

  test('that cannot be read are blindness, not change', () => {
    const { world, at } = feedScene(oracleConfig)
    world.set(`call ${feed} 0x245a7bfc`, BigInt(aggregator))
    at(12)
    world.down.add('0x245a7bfc')
    expect(at(24)).toMatchObject({ claims: [], blind: ['The aggregator of ethUsd could not be read: nobody answers'] })
    world.down.clear()
    expect(at(36)).toMatchObject({ claims: [], blind: [] })
  })
})

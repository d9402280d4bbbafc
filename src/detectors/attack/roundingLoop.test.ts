import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { roundingLoop } from './roundingLoop.ts'

const [pool, bot, thief, token] = [1, 2, 3, 4].map((n) => account(n * 0x1111)) as [Address, Address, Address, Address]
const sent = (from: Address, to: Address, value: bigint): SomeLog => transferLog(token, { from, to, value })
const times = <Value>(count: number, make: (place: number) => Value) =>
  Array.from({ length: count }, (_, place) => make(place))
const redeem = (amount: bigint): SomeCall => ({ to: pool, input: call('function redeem(uint256)', [amount]) })

function play({
  calls = [],
  logs,
  lost,
  options = {},
  decimals,
}: {
  calls?: SomeCall[]
  logs: SomeLog[]
  lost: bigint
  options?: object
  decimals?: bigint
}) {
  const world = new World().holds(token, pool, 1_000_000n).settle()
  if (decimals !== undefined) world.set(`call ${token} 0x313ce567`, decimals)
  world.holds(token, pool, 1_000_000n - lost)
  return scene(roundingLoop, [contract('pool', pool)], { world, options }).see({
    transactions: [tx({ from: thief, to: bot, calls, logs })],
  })
}

describe('a loop of tiny amounts', () => {
  const steps = times(10, () => sent(pool, bot, 9n))
  const logs = [...steps, sent(pool, bot, 60_000n)]

  test.each([
    [6n, '0.06009 0x0000…4444 (6 %) was lost'],
    [1n << 200n, '60,090 base units of 0x0000…4444 (6 %) was lost'],
  ])('says what was lost as the token counts it: decimals %d', (decimals, words) => {
    const { claims } = play({ calls: times(10, () => redeem(8n)), logs, lost: 60_090n, decimals })
    expect(claims[0]?.title).toContain(words)
  })

  test('pages where the pool lost by it', () => {
    const { claims, blind } = play({
      calls: times(10, () => redeem(8n)),
      logs: [...steps, sent(pool, bot, 60_000n)],
      lost: 60_090n,
    })
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        severity: 'critical',
        evidence: 'hard',
        address: pool,
        title:
          'One transaction did the same to pool 10 times over with tiny amounts, and 60,090 base units of 0x0000…4444 (6 %) was lost',
        facts: { times: 10 },
      },
    ])
  })

  test('is a sign where only the last digits were lost, and nothing where none were', () => {
    expect(play({ calls: times(10, () => redeem(8n)), logs: steps, lost: 90n }).claims).toMatchObject([
      { severity: 'medium', evidence: 'soft' },
    ])
    const paidBack = [...steps, sent(bot, pool, 90n)]
    expect(play({ calls: times(10, () => redeem(8n)), logs: paidBack, lost: 0n }).claims).toEqual([])
  })

  test('is seen whatever the function, also without traces', () => {
    const swap: SomeCall = { to: pool, input: call('function swap(address, uint256)', [bot, 8n]) }
    const logs = [...steps, sent(pool, bot, 5_000n)]
    expect(play({ calls: times(10, () => swap), logs, lost: 5_090n }).claims).toMatchObject([{ severity: 'high' }])
    const told = times(10, () => event('event Swapped()', pool))
    expect(play({ logs: [...told, ...logs], lost: 5_090n, options: { traces: 'none' } }).claims).toMatchObject([
      { severity: 'high' },
    ])
  })
})

test('a price that is rounded down to nothing each time is tiny as well, however much is given for it', () => {
  const buy: SomeCall = { to: pool, input: call('function buy(uint256)', [5_000n]) }
  const bought = (count: number, price: bigint) => {
    const logs = times(count, () => [
      sent(pool, bot, 5_000n),
      transferLog(account(7), { from: bot, to: pool, value: price }),
    ])
    return play({ calls: times(count, () => buy), logs: logs.flat(), lost: BigInt(count) * 5_000n }).claims
  }
  expect(bought(10, 0n)).toMatchObject([{ severity: 'critical', address: pool }])
  expect(bought(9, 0n)).toEqual([])
  expect(bought(10, 1_000n)).toEqual([])
})

test('silent are routers that pay out in parts, loops that are short, and small numbers that are no amounts', () => {
  const parts = times(12, () => sent(pool, bot, 40_000n))
  expect(play({ calls: times(12, () => redeem(40_000n)), logs: parts, lost: 480_000n }).claims).toEqual([])
  expect(play({ calls: times(9, () => redeem(8n)), logs: parts.slice(3), lost: 360_000n }).claims).toEqual([])
  const claim = (id: number): SomeCall => ({ to: pool, input: call('function claim(uint256)', [BigInt(id)]) })
  expect(play({ calls: times(12, claim), logs: parts, lost: 480_000n }).claims).toEqual([])
  const failed: SomeCall = { ...redeem(8n), error: 'execution reverted' }
  expect(play({ calls: times(12, () => failed), logs: parts, lost: 480_000n }).claims).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { moved, thief, usdc, user, vault, vaultScene } from '../../../test/harness/detectors/outflowScene.ts'
import { event, tx } from '../../../test/harness/node/block.ts'
import { outflowCap } from './outflowCap.ts'

/** So that what moves is not added up with what moved before. */
const later = { after: 60 }

describe('outflow cap over a window', () => {
  test('speaks when the sum reaches the cap, not one unit below', () => {
    const { move } = vaultScene({ percent: 5, window: '1h' })
    expect(move([-25]).claims).toEqual([])
    expect(move([-24]).claims).toEqual([])
    const { claims, block } = move([-1])
    expect(claims).toMatchObject([
      {
        key: `outflow ${vault} ${usdc} 1h`,
        transactionHash: block.transactions[0]?.hash,
        title: '50 usdc (5 %) left vault within 1 hour, to 0x0000…2222',
        address: vault,
        evidence: 'hard',
        facts: { outflow: '50', limit: '50', heldAtStart: '1000', recipients: [{ to: thief, amount: '50' }] },
      },
    ])
  })

  test('takes an amount as well, and both limits together', () => {
    expect(vaultScene({ amount: '50' }).move([-49]).claims).toEqual([])
    expect(vaultScene({ amount: '50' }).move([-50]).claims).toHaveLength(1)
    expect(vaultScene({ amount: '50', percent: 6 }).move([-59]).claims).toEqual([])
    expect(vaultScene({ amount: '50', percent: 6 }).move([-60]).claims).toHaveLength(1)
    expect(vaultScene({ amount: '70', percent: 6 }).move([-60]).claims).toEqual([])
  })

  test('forgets what has left the window', () => {
    const { move } = vaultScene({ amount: '50' })
    move([-49])
    expect(move([-49], { after: 3600 }).claims).toEqual([])
    expect(move([-1], { after: 3599 }).claims).toHaveLength(1)
  })

  test('measures percent against what was held when the window began', () => {
    const { move } = vaultScene({ percent: 50 })
    move([-400])
    expect(move([-99]).claims).toEqual([])
    expect(move([-1]).claims[0]?.facts.heldAtStart).toBe('1000')
  })

  test('does not let a deposit in the window raise the cap', () => {
    const { move } = vaultScene({ percent: 50 })
    move([9000])
    expect(move([-500]).claims[0]?.facts).toMatchObject({ heldAtStart: '1000', share: '50 %' })
  })

  test('takes deposits off where it is asked to', () => {
    const gross = vaultScene({ amount: '50' })
    gross.move([40])
    expect(gross.move([-89, 10]).claims).toHaveLength(1)
    const net = vaultScene({ amount: '50', net: true })
    net.move([40])
    expect(net.move([-69, 20], later).claims).toEqual([])
    expect(net.move([-1]).claims).toHaveLength(1)
  })

  test('compares with the most that was held where it takes deposits off', () => {
    const { move } = vaultScene({ percent: 50, net: true })
    move([1000])
    expect(move([-900], later).claims).toEqual([])
    for (let turn = 0; turn < 5; turn++) expect(move([-90, 90], later).claims).toEqual([])
    expect(move([-100], later).claims).toHaveLength(1)
  })

  test('speaks once an episode, says when it is over, and speaks again after it', () => {
    const { move, watch } = vaultScene({ amount: '50', window: '5m' })
    expect(move([-60]).claims).toHaveLength(1)
    expect(move([-59]).claims).toEqual([])
    const idle = Array.from({ length: 40 }, () => watch.see())
    const cleared = idle.flatMap((seen) => seen.cleared)
    expect(cleared).toEqual([`outflow ${vault} ${usdc}`])
    expect(idle.flatMap(({ claims }) => claims)).toEqual([])
  })

  test('is ready again only when the sum was below half of the cap', () => {
    const { move } = vaultScene({ amount: '50', window: '5m' })
    move([-30])
    expect(move([-30], { after: 200 }).claims).toHaveLength(1)
    // The first 30 have left the window, the second are more than half of the cap.
    expect(move([-30], { after: 150 }).claims).toEqual([])
    expect(move([-50], { after: 301 }).claims).toHaveLength(1)
  })

  test('names the biggest recipients of the window first', () => {
    const { move } = vaultScene({ amount: '50' })
    move([-10], { to: user })
    move([-20], { to: thief })
    const [claim] = move([-20], { to: thief }).claims
    expect(claim?.facts.recipients).toEqual([
      { to: thief, amount: '40' },
      { to: user, amount: '10' },
    ])
    expect(claim?.title).toContain('mostly to 0x0000…2222')
  })
})

describe('outflow cap over a transaction or a block', () => {
  test('judges each transaction alone', () => {
    const { move } = vaultScene({ amount: '50', window: 'transaction' })
    const { claims, block } = move([-49, -50, -49, -51])
    expect(claims.map(({ transactionHash }) => transactionHash)).toEqual([
      block.transactions[1]?.hash,
      block.transactions[3]?.hash,
    ])
    expect(claims[0]?.title).toBe('50 usdc left vault in one transaction, to 0x0000…2222')
  })

  test('adds up a block, once while every block reaches the cap', () => {
    const { move } = vaultScene({ percent: 5, window: 'block' })
    expect(move([-25, -24]).claims).toEqual([])
    expect(move([-25, -25]).claims).toHaveLength(1)
    expect(move([-49]).claims).toEqual([])
    expect(move([-1]).claims).toEqual([])
    expect(move([-60]).claims).toHaveLength(1)
  })

  test('judges several windows at once and joins them in one alert', () => {
    const { move } = vaultScene({ windows: { block: 5, '1h': { percent: 8 } } })
    expect(move([-50]).claims.map(({ facts }) => facts.window)).toEqual(['block'])
    const { claims } = move([-40])
    expect(claims.map(({ facts, group }) => [facts.window, group])).toEqual([['1h', `outflow ${vault} ${usdc}`]])
  })

  test('has caps of its own where none are given', () => {
    const { move } = vaultScene({})
    expect(move([-49]).claims).toEqual([])
    expect(move([-50]).claims.map(({ facts }) => facts.window)).toEqual(['block'])
  })
})

describe('outflow cap of what comes back in the same transaction', () => {
  const lent = (out: bigint, back: bigint, payer = thief) => [
    moved(usdc, vault, thief, out),
    moved(usdc, payer, vault, back),
  ]

  test('is silent about a flash loan that is repaid, whoever repays it', () => {
    const { watch } = vaultScene({ windows: { transaction: 5, block: 5, '1h': 5 } })
    expect(watch.see({ transactions: [tx({ logs: lent(1000n, 1001n) })] })).toMatchObject({ claims: [], blind: [] })
    expect(watch.see({ transactions: [tx({ logs: lent(1000n, 1000n, user) })] }).claims).toEqual([])
  })

  test('speaks of the part that does not come back, at the limit and not below', () => {
    const keep = (out: bigint, back: bigint) => {
      const { world, watch } = vaultScene({ percent: 5, window: 'transaction' })
      world.holds(usdc, vault, 1000n - out + back)
      return watch.see({ transactions: [tx({ logs: lent(out, back) })] }).claims
    }
    expect(keep(1000n, 951n)).toEqual([])
    expect(keep(1000n, 950n)).toMatchObject([
      { evidence: 'hard', facts: { outflow: '50', recipients: [{ to: thief, amount: '50' }] } },
    ])
  })

  test('does not take one item of a collection for another', () => {
    const { watch } = vaultScene({ amount: 1, window: 'transaction' })
    const signature = 'event Transfer(address indexed from, address indexed to, uint256 indexed id)'
    const rare = event(signature, usdc, { from: vault, to: thief, id: 1n })
    const worthless = event(signature, usdc, { from: thief, to: vault, id: 9n })
    expect(watch.see({ transactions: [tx({ logs: [worthless, rare] })] }).claims).toHaveLength(1)
  })

  test('does not take off what another transaction brings', () => {
    const { move } = vaultScene({ percent: 5, window: 'block' })
    expect(move([-50, 50]).claims).toHaveLength(1)
  })
})

test('outflow cap refuses limits that contradict each other', () => {
  const accepts = (options: object) => outflowCap.options.safeParse(options).success
  expect(accepts({ percent: 5, windows: { '1h': 5 } })).toBe(false)
  expect(accepts({ window: '1h' })).toBe(false)
  expect(accepts({ windows: {} })).toBe(false)
  expect(accepts({ windows: { '2h': 5 } })).toBe(false)
  expect(accepts({ percent: 0 })).toBe(false)
})

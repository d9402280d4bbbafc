import { describe, expect, test } from 'vitest'
import { account, event, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { outflowCap } from './outflowCap.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [vault, thief, user, usdc, fake] = [numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)]
const start = 1_704_067_200
const named = contract('vault', vault)
const dollar = contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })

const moved = (token: Address, from: Address, to: Address, value: bigint) =>
  event('event Transfer(address indexed from, address indexed to, uint256 value)', token, { from, to, value })

/** A vault of 1,000 USDC without decimals to count in, whose balance follows the transfers. */
function vaultScene(options: object, { held = 1000n } = {}) {
  const world = new World().token(usdc, 'USDC', 0).holds(usdc, vault, held).settle()
  const watch = scene(outflowCap, [named], { options, names: [dollar], world })
  let balance = held
  /** Amounts below zero leave to the recipient, the others come in; each in a transaction of its own. */
  const move = (amounts: number[], { after = 12, to = thief }: { after?: number; to?: Address } = {}) => {
    const logs = amounts.map((amount) =>
      amount < 0 ? moved(usdc, vault, to, BigInt(-amount)) : moved(usdc, user, vault, BigInt(amount)),
    )
    balance += BigInt(amounts.reduce((sum, amount) => sum + amount, 0))
    world.holds(usdc, vault, balance)
    time += after
    return watch.see({ timestamp: time, transactions: logs.map((log) => tx({ from: to, logs: [log] })) })
  }
  let time = start
  return { world, watch, move }
}

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
        title: '50 USDC (5 %) left vault within 1 hour, to 0x0000…2222',
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
    expect(net.move([-89, 10]).claims).toEqual([])
    expect(net.move([-11]).claims).toHaveLength(1)
  })

  test('speaks once an episode, says when it is over, and speaks again after it', () => {
    const { move, watch } = vaultScene({ amount: '50', window: '5m' })
    expect(move([-60]).claims).toHaveLength(1)
    expect(move([-60]).claims).toEqual([])
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
    expect(claims[0]?.title).toBe('50 USDC left vault in one transaction, to 0x0000…2222')
  })

  test('adds up a block, once while every block reaches the cap', () => {
    const { move } = vaultScene({ percent: 5, window: 'block' })
    expect(move([-25, -24]).claims).toEqual([])
    expect(move([-25, -25]).claims).toHaveLength(1)
    expect(move([-60]).claims).toEqual([])
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

  test('does not take off what another transaction brings', () => {
    const { move } = vaultScene({ percent: 5, window: 'block' })
    expect(move([-50, 50]).claims).toHaveLength(1)
  })
})

describe('outflow cap in front of hostile data', () => {
  test('is silent about other accounts and what comes in', () => {
    const { watch } = vaultScene({ amount: '1' })
    const logs = [moved(usdc, user, thief, 999n), moved(usdc, user, vault, 999n), moved(usdc, vault, vault, 999n)]
    expect(watch.see({ transactions: [tx({ logs })] })).toMatchObject({ claims: [], blind: [] })
  })

  test('does not believe tokens of strangers without a balance that fell', () => {
    const { world, watch } = vaultScene({ amount: '1' })
    world.token(fake, 'FAKE', 0)
    const lie = () => ({ transactions: [tx({ logs: [moved(fake, vault, thief, 999n)] })] })
    expect(watch.see(lie())).toMatchObject({ claims: [], blind: [], memory: { tokens: expect.anything() } })
    world.holds(fake, vault, 999n).settle().holds(fake, vault, 0n)
    expect(watch.see(lie()).claims[0]?.title).toBe('999 FAKE (0x0000…5555) left vault within 1 hour, to 0x0000…2222')
  })

  test('remembers only so many tokens of strangers, and keeps the known one', () => {
    const { world, watch, move } = vaultScene({ amount: '1000' })
    move([-1])
    for (let i = 0; i < 40; i++) {
      const token = account(0x900000 + i)
      world.token(token, 'SPAM', 0).holds(token, vault, 10n).settle().holds(token, vault, 9n)
      const { blind } = watch.see({ transactions: [tx({ logs: [moved(token, vault, thief, 1n)] })] })
      expect(blind.length).toBe(i < 16 ? 0 : 1)
    }
    const ledgers = [...watch.memory.keys()].filter((key) => key.startsWith('ledger '))
    expect(ledgers).toHaveLength(17)
    expect(ledgers).toContain(`ledger ${vault} ${usdc}`)
    expect(ledgers).toContain(`ledger ${vault} ${account(0x900000 + 39)}`)
  })

  test('keeps its memory small through a busy day', () => {
    const { move, watch } = vaultScene({ windows: { '5m': 90, '1h': 90, '24h': 90 } }, { held: 10n ** 18n })
    for (let i = 0; i < 1500; i++) move([-1, -1, 1], { to: account(0x800000 + i), after: 60 })
    expect(JSON.stringify(watch.memory.get(`ledger ${vault} ${usdc}`)).length).toBeLessThan(8_000)
    expect([...watch.memory.keys()].sort()).toEqual([`ledger ${vault} ${usdc}`, 'tokens'])
  })

  test('is blind where holdings or decimals cannot be read, or a transfer of a known token is malformed', () => {
    const { world, watch } = vaultScene({ percent: 5 })
    const leave = () => ({ transactions: [tx({ logs: [moved(usdc, vault, thief, 500n)] })] })
    world.down.add('0x70a08231')
    expect(watch.see(leave())).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
    world.down.clear()
    const cut = { ...moved(usdc, vault, thief, 5n), data: '0x00' as const }
    expect(watch.see({ transactions: [tx({ logs: [cut] })] }).blind[0]).toContain('could not be read')
  })

  test('is soft where the balance does not confirm the logs', () => {
    const { watch } = vaultScene({ amount: '5' })
    expect(watch.see({ transactions: [tx({ logs: [moved(usdc, vault, thief, 5n)] })] }).claims[0]?.evidence).toBe(
      'soft',
    )
  })
})

describe('outflow cap of native value', () => {
  const ether = 10n ** 18n
  test('adds up internal transfers by the balance', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { options: { percent: 10, token: 'native' }, world })
    const left = (balance: bigint, transactions = [tx({ from: thief, to: user })]) => {
      world.set(`balance ${vault}`, balance)
      return watch.see({ transactions })
    }
    expect(left(95n * ether).claims).toEqual([])
    expect(left(90n * ether + 1n).claims).toEqual([])
    expect(left(90n * ether)).toMatchObject({
      claims: [
        {
          title: '10 ETH (10 %) left vault within 1 hour',
          evidence: 'hard',
          transactionHash: expect.stringMatching(/^0x/),
        },
      ],
      blind: [],
    })
    expect(left(80n * ether).claims).toEqual([])
    world.down.add('balance')
    expect(watch.see().blind).toEqual(['The native balance of vault could not be read: nobody answers'])
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

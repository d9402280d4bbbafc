import { describe, expect, test } from 'vitest'
import { account, event, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { Pricing } from '../../model/pricing.ts'
import { outflowCap } from './outflowCap.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [vault, thief, user, usdc, fake] = [numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)]
const start = 1_704_067_200
const named = contract('vault', vault)
const dollar = contract('usdc', usdc, { kind: 'erc20', role: 'dependency' })

const moved = (token: Address, from: Address, to: Address, value: bigint) => transferLog(token, { from, to, value })

/** A vault of 1,000 USDC without decimals to count in, whose balance follows the transfers. */
function vaultScene(options: object, { held = 1000n, prices = [] }: { held?: bigint; prices?: Pricing[] } = {}) {
  const world = new World().token(usdc, 'USDC', 0).holds(usdc, vault, held).settle()
  const watch = scene(outflowCap, [named], { options, names: [{ ...dollar, prices }], world })
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

describe('outflow cap in dollars', () => {
  const priced = (answer: { price: number } | { none: string }): Pricing[] => [
    { name: 'usdFeed', read: null, priceIn: () => answer },
  ]
  const play = (answer: { price: number } | { none: string }, options: object) =>
    vaultScene({ percent: 5, window: '1h', ...options }, { prices: priced(answer) }).move([-50])

  test('says what left was worth before the block', () => {
    const { claims } = play({ price: 24_000 }, {})
    expect(claims[0]).toMatchObject({
      title: '50 usdc (5 %, ≈ $1.2 M) left vault within 1 hour, to 0x0000…2222',
      facts: { usd: 1_200_000, pricedBy: 'usdFeed' },
    })
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages nobody for less than the config wants, a cent below and not at the limit', () => {
    expect(play({ price: 20 }, { leastUsd: 1_000 }).claims[0]).not.toHaveProperty('severity')
    expect(play({ price: 19.9998 }, { leastUsd: 1_000 }).claims[0]).toHaveProperty('severity', 'medium')
  })

  test('pages of what cannot be weighed, and says why it could not', () => {
    const { claims, blind } = play({ none: 'its price is 3 hours old' }, { leastUsd: 1_000 })
    expect(claims[0]).toMatchObject({ facts: { unpriced: 'usdFeed: its price is 3 hours old' } })
    expect(claims[0]).not.toHaveProperty('severity')
    expect(blind).toEqual(['What left vault could not be counted in dollars: usdFeed: its price is 3 hours old'])
  })

  test('counts the coin of the chain by the price that the chain has', () => {
    const world = new World().set(`balance ${vault}`, 1000n * 10n ** 18n).settle()
    world.set(`balance ${vault}`, 900n * 10n ** 18n)
    const watch = scene(outflowCap, [named], { world, coin: priced({ price: 2_000 }) })
    const { claims } = watch.see({ transactions: [tx({ from: thief, to: vault })] })
    expect(claims[0]?.title).toMatch(/^100 ETH \(10 %, ≈ \$200 k\) left vault/)
  })
})

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
    expect(net.move([-89, 10]).claims).toEqual([])
    expect(net.move([-11]).claims).toHaveLength(1)
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
    for (let i = 0; i < 80; i++) {
      const token = account(0x900000 + i)
      world.token(token, 'SPAM', 0).holds(token, vault, 10n).settle().holds(token, vault, 9n)
      const { blind } = watch.see({ transactions: [tx({ logs: [moved(token, vault, thief, 1n)] })] })
      expect(blind.length).toBe(i < 64 ? 0 : 1)
    }
    const ledgers = [...watch.memory.keys()].filter((key) => key.startsWith('ledger '))
    expect(ledgers).toHaveLength(65)
    expect(ledgers).toContain(`ledger ${vault} ${usdc}`)
    expect(ledgers).toContain(`ledger ${vault} ${account(0x900000 + 79)}`)
  })

  test('forgets in silence what has left every window', () => {
    const { world, watch } = vaultScene({ amount: '1000' })
    for (let i = 0; i < 80; i++) {
      const token = account(0x900000 + i)
      world.token(token, 'REAL', 0).holds(token, vault, 10n).settle().holds(token, vault, 9n)
      const log = moved(token, vault, thief, 1n)
      expect(watch.see({ timestamp: start + 60 * (i + 1), transactions: [tx({ logs: [log] })] }).blind).toEqual([])
    }
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
    expect(left(81n * ether).claims).toEqual([])
    world.down.add('balance')
    expect(watch.see().blind).toEqual(['The native balance of vault could not be read: nobody answers'])
  })

  test('takes off what the same transaction brought, as a bid that pays back the one before it, and no other', () => {
    const bids = (balance: bigint, ...values: bigint[]) => {
      const world = new World().set(`balance ${vault}`, 100n * ether).settle()
      world.set(`balance ${vault}`, balance)
      const watch = scene(outflowCap, [named], { options: { percent: 10, token: 'native' }, world })
      return watch.see({ transactions: values.map((value) => tx({ from: user, to: vault, value })) }).claims
    }
    expect(bids(105n * ether, 105n * ether)).toEqual([])
    expect(bids(90n * ether + 1n, 105n * ether)).toEqual([])
    expect(bids(90n * ether, 105n * ether)).toMatchObject([{ title: '10 ETH (10 %) left vault within 1 hour' }])
    // Which of two it was that took so much is not known.
    expect(bids(105n * ether, 105n * ether, 0n)).toMatchObject([{ title: '100 ETH (100 %) left vault within 1 hour' }])
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

describe('outflow cap against who knows it', () => {
  const ether = 10n ** 18n
  const junk = (i: number) => account(0x900000 + i)

  test('speaks again while an open episode goes on, each time twice as much has left', () => {
    const { move } = vaultScene({ percent: 20, window: '1h' })
    const spoken = [-200, -100, -99, -1, -400].map((amount) => move([amount]).claims)
    expect(spoken.map((claims) => claims.length)).toEqual([1, 0, 0, 1, 1])
    expect(spoken[3]![0]).toMatchObject({
      title: '400 usdc (40 %) left vault within 1 hour, to 0x0000…2222',
      facts: { outflow: '400' },
    })
  })

  test('speaks again of a drain that keeps the window just full', () => {
    const { move } = vaultScene({ amount: '50', window: '5m' })
    const spoken = Array.from({ length: 8 }, () => move([-50], { after: 300 }).claims.length)
    expect(spoken).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
    const slow = vaultScene({ amount: '50', window: '5m' })
    const kept = Array.from({ length: 30 }, () => slow.move([-10], { after: 60 }).claims).flat()
    expect(kept.map(({ facts }) => [facts.outflow, facts.outflowSinceReached])).toEqual([
      ['50', undefined],
      ['50', '100'],
      ['50', '200'],
    ])
  })

  test('judges native value of one transaction also where several touch the account', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { options: { windows: { transaction: 10 } }, world })
    const crowded = (left: bigint) => {
      world.set(`balance ${vault}`, left * ether)
      return watch.see({ transactions: [tx({ from: thief, to: vault }), tx({ from: user, to: vault })] }).claims
    }
    expect(crowded(91n)).toEqual([])
    const [first, second] = [crowded(81n), crowded(60n)]
    expect(first).toMatchObject([{ title: '10 ETH (10.98 %) left vault in one block', evidence: 'hard' }])
    expect(second).toHaveLength(1)
    expect(second[0]?.key).not.toBe(first[0]?.key)
  })

  test('speaks of what came and was taken within one block, where nothing was held before', () => {
    const { move } = vaultScene({ percent: 20 }, { held: 0n })
    expect(move([1000, -199]).claims).toEqual([])
    expect(vaultScene({ percent: 20 }, { held: 0n }).move([1000, -200]).claims).toHaveLength(1)
  })

  test('does not let a deposit hide what left of a token that the config does not name', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 1100n)
    const logs = [moved(fake, user, vault, 600n), moved(fake, vault, thief, 500n)]
    expect(watch.see({ transactions: logs.map((log) => tx({ logs: [log] })) }).claims).toHaveLength(1)
  })

  test('is blind where nobody can say what is held of a token that the config does not name', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 0n)
    world.down.add(`call ${fake} 0x70a08231`)
    expect(watch.see({ transactions: [tx({ logs: [moved(fake, vault, thief, 1000n)] })] }).blind).toEqual([
      expect.stringContaining('nobody answers'),
    ])
  })

  test('counts what left while the decimals could not be read', () => {
    const { world, watch, move } = vaultScene({ percent: 20 })
    world.down.add(`call ${usdc} 0x313ce567`)
    expect(move([-199]).blind).toHaveLength(1)
    world.down.clear()
    expect(move([-1]).claims).toHaveLength(1)
    expect(watch.memory.has('open')).toBe(true)
  })

  /** Tokens of nobody's whose transfers and balances say that they left the vault. */
  function flood(world: World, from: number, count: number, value = 90n) {
    const tokens = Array.from({ length: count }, (_, i) => junk(from + i))
    for (const token of tokens) world.token(token, 'SPAM', 0).holds(token, vault, 10n)
    for (const token of tokens)
      world.before.set(`call ${token} 0x70a08231${vault.slice(2).padStart(64, '0')}`, `0x${'0'.repeat(62)}64`)
    return tx({ logs: tokens.map((token) => moved(token, vault, thief, value)) })
  }

  test('tells of native value whatever spam stands beside it', () => {
    const world = new World().set(`balance ${vault}`, 100n * ether).settle()
    const watch = scene(outflowCap, [named], { world })
    world.set(`balance ${vault}`, 0n)
    const { claims, blind } = watch.see({ transactions: [flood(world, 0, 32)] })
    expect(claims.filter(({ facts }) => facts.token === 'native')).toHaveLength(4)
    expect(blind).toEqual([expect.stringContaining('the others are not told')])
  })

  test('tells later what it could not tell in a flood', () => {
    const { world, watch } = vaultScene({})
    const told = (...[from, count, value]: [number, number, bigint]) =>
      watch.see({ transactions: [flood(world, from, count, value)] }).claims.map(({ facts }) => facts.token)
    const first = new Set(told(0, 32, 90n))
    expect(first.size).toBe(16)
    expect(told(16, 16, 50n).filter((token) => !first.has(token))).toHaveLength(64)
  })

  test('does not call an alert over because spam pushed its ledger out', () => {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(fake, 'REAL', 0).holds(fake, vault, 1000n).settle().holds(fake, vault, 500n)
    expect(watch.see({ transactions: [tx({ logs: [moved(fake, vault, thief, 500n)] })] }).claims).toHaveLength(1)
    const seen = Array.from({ length: 6 }, (_, i) => watch.see({ transactions: [flood(world, 32 * i, 32)] }))
    expect(seen.flatMap(({ cleared }) => cleared)).not.toContain(`outflow ${vault} ${fake}`)
    expect(seen.flatMap(({ cleared }) => cleared)).toEqual([])
  })

  test('says that it cannot read a transfer of a known token that is written otherwise', () => {
    const { watch } = vaultScene({ percent: 20 })
    const odd = event('event Transfer(address from, address to, uint256 value)', usdc, {
      from: vault,
      to: thief,
      value: 500n,
    })
    expect(watch.see({ transactions: [tx({ logs: [odd] })] }).blind).toEqual([expect.stringContaining(usdc)])
  })
})

describe('outflow cap of wrapped native coins', () => {
  const unwrapped = (by: Address, wad: bigint, token = usdc) =>
    event('event Withdrawal(address indexed src, uint256 wad)', token, { src: by, wad })
  /** The vault of 1,000 takes coins out of their wrapping; `kept`: as many of them stay with it. */
  function unwrap(logs: ReturnType<typeof unwrapped>[], { left = 500n, kept = 0n, token = usdc } = {}) {
    const { world, watch } = vaultScene({ percent: 20 })
    world.token(token, 'WETH', 0).holds(token, vault, 1000n).settle().holds(token, vault, left)
    world.set(`balance ${vault}`, kept)
    return watch.see({ transactions: [tx({ logs })] }).claims
  }

  test('speaks where they go on in the same transaction, which no Transfer and no native balance shows', () => {
    expect(unwrap([unwrapped(vault, 500n)])).toMatchObject([
      { title: '500 usdc (50 %) left vault within 1 hour, to 0x0000…0000', evidence: 'hard' },
    ])
    expect(unwrap([unwrapped(vault, 500n, fake)], { token: fake })).toHaveLength(1)
  })

  test('is silent about what stays as native value, and speaks of the part that does not', () => {
    expect(unwrap([unwrapped(vault, 500n)], { kept: 500n })).toEqual([])
    expect(unwrap([unwrapped(vault, 500n)], { kept: 301n })).toEqual([])
    expect(unwrap([unwrapped(vault, 500n)], { kept: 300n })).toMatchObject([{ facts: { outflow: '200' } }])
  })

  test('counts once what is told as a transfer too', () => {
    const burnt = moved(usdc, vault, account(0), 500n)
    expect(unwrap([unwrapped(vault, 500n), burnt])).toMatchObject([{ facts: { outflow: '500' } }])
  })

  test('does not take for a token what has events of the same name', () => {
    expect(unwrap([unwrapped(vault, 500n)], { left: 1000n })).toEqual([])
    const fund = vaultScene({ percent: 20 })
    fund.world.set(`call ${usdc} 0x70a08231${vault.slice(2).padStart(64, '0')}`, null).settle()
    expect(fund.watch.see({ transactions: [tx({ logs: [unwrapped(vault, 500n)] })] })).toMatchObject({
      claims: [],
      blind: [],
      memory: {},
    })
    const shares = moved(usdc, vault, account(0), 300n)
    expect(unwrap([shares, unwrapped(vault, 500n)], { left: 700n })).toMatchObject([{ facts: { outflow: '300' } }])
  })
})

describe('outflow cap of an ERC-1155', () => {
  const cards = contract('cards', numbered(7), { kind: 'erc1155', role: 'dependency' })
  const batch = (ids: readonly bigint[], values: readonly bigint[]) =>
    event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      cards.address,
      { operator: thief, from: vault, to: thief, ids: [...ids], values: [...values] },
    )
  /** A vault that holds so many of each kind, by its number from one on. */
  function cardScene(options: object, held: number[]) {
    const world = new World().token(cards.address, 'CARDS', 0)
    const watch = scene(outflowCap, [named], { options, names: [cards], world })
    const left = held.map(BigInt)
    const question = (id: number) =>
      `call ${cards.address} 0x00fdd58e${vault.slice(2).padStart(64, '0')}${id.toString(16).padStart(64, '0')}`
    const set = () => {
      for (const [place, amount] of left.entries()) world.set(question(place + 1), amount)
    }
    set()
    world.settle()
    const give = (amounts: number[]) => {
      for (const [place, amount] of amounts.entries()) left[place]! -= BigInt(amount)
      set()
      const ids = amounts.map((_, place) => BigInt(place + 1))
      return watch.see({ transactions: [tx({ from: thief, logs: [batch(ids, amounts.map(BigInt))] })] })
    }
    return { world, watch, give }
  }

  test('judges each kind alone by percent, at the limit and not an item below', () => {
    const { give } = cardScene({ percent: 25, window: '1h' }, [100, 200, 40])
    const seen = give([25, 49, 0])
    expect(seen.claims).toMatchObject([
      { title: '25 items of cards no. 1 (25 %) left vault within 1 hour, to 0x0000…2222', facts: { id: '1' } },
    ])
    expect(seen.blind).toEqual([])
    // What left of a kind within the hour is added up, and is one alert with the other kind.
    const [claim] = give([0, 1, 0]).claims
    expect(claim).toMatchObject({ title: '50 items of cards no. 2 (25 %) left vault within 1 hour, to 0x0000…2222' })
    expect(claim!.group).toBe(seen.claims[0]!.group)
  })

  test('says nothing of a kind of which there are but a few, and is blind where nobody says how many', () => {
    expect(cardScene({ percent: 25 }, [9]).give([9])).toMatchObject({ claims: [], blind: [] })
    expect(cardScene({ percent: 25 }, [10]).give([10]).claims).toHaveLength(1)
    const { world, give } = cardScene({ percent: 25 }, [100])
    world.down.add('0x00fdd58e')
    expect(give([90])).toMatchObject({ claims: [], blind: [expect.stringContaining('nobody answers')] })
  })

  test('adds all kinds up where an amount is the limit', () => {
    const { give } = cardScene({ amount: 30 }, [100, 100])
    expect(give([14, 15]).claims).toEqual([])
    expect(give([1, 0]).claims).toMatchObject([{ title: expect.stringMatching(/^30 items of cards left vault/) }])
  })

  test('looks at a few kinds only, and says so', () => {
    const { give, watch } = cardScene(
      { percent: 25 },
      Array.from({ length: 17 }, () => 100),
    )
    expect(give(Array.from({ length: 17 }, () => 1))).toMatchObject({
      claims: [],
      blind: [expect.stringMatching(/^More than 16 kinds of items of 0x.* moved in one block/)],
    })
    expect(watch.see({ transactions: [tx({ logs: [batch([1n], [1n, 2n])] })] }).claims).toEqual([])
  })
})

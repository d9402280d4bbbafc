import { encodeAbiParameters, type Hex, keccak256, toFunctionSelector, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { account, event, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { backing } from './backing.ts'

const [target, token, other, thief, user] = [0x11, 0x22, 0x33, 0x44, 0x55].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const zero = account(0)
const one = 10n ** 18n

const ask = (to: Address, signature: string, ...args: (bigint | Hex)[]) =>
  `call ${to} ${toFunctionSelector(signature)}${args.map((arg) => word(arg).slice(2)).join('')}`
const moved = (of: Address, from: Address, to: Address, value: bigint) => transferLog(of, { from, to, value })
const deposited = (assets: bigint, shares: bigint) =>
  event('event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)', target, {
    sender: user,
    owner: user,
    assets,
    shares,
  })
const told = ({ claims }: { claims: { severity?: string; title: string; evidence: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? backing.severity}: ${title}`)

/** One monitor before a chain, whose `see` can stand alone. */
function watching(on: Parameters<typeof scene>[1], rest: Parameters<typeof scene>[2]) {
  const watch = scene(backing, on, rest)
  return { ...watch, see: (some?: Parameters<typeof watch.see>[0]) => watch.see(some) }
}

function touch(fields: Partial<SomeTransaction> = {}) {
  return { transactions: [tx({ from: thief, to: target, ...fields })] }
}

function vaultScene({ assets, shares, options = {} }: { assets: bigint; shares: bigint; options?: object }) {
  const world = new World()
  const set = (nowAssets: bigint, nowShares: bigint, supply = 1_000_000n * one) =>
    world
      .set(ask(target, 'asset()'), word(token))
      .set(ask(target, 'totalAssets()'), nowAssets)
      .set(ask(target, 'totalSupply()'), nowShares)
      .set(ask(token, 'totalSupply()'), supply)
  set(assets, shares).settle()
  return { set, ...watching([contract('vault', target)], { world, options }) }
}

describe('the price of a share of a vault', () => {
  test('speaks of a fall in the first block that it sees, as gravely as it is', () => {
    for (const [left, expected] of [
      [999_500n, []],
      [998_500n, ['medium: vault: 0.15 % less than before stands behind its shares, in one transaction']],
      [985_000n, ['high: vault: 1.5 % less than before stands behind its shares, in one transaction']],
      [500_000n, ['critical: vault: 50 % less than before stands behind its shares, in one transaction']],
    ] as const) {
      const { set, see } = vaultScene({ assets: 1_000_000n * one, shares: 1_000_000n * one })
      set(left * one, 1_000_000n * one)
      const seen = see(touch())
      expect(told(seen)).toEqual(expected)
      if (left === 500_000n) {
        expect(seen.claims[0]).toMatchObject({
          transactionHash: seen.block.transactions[0]!.hash,
          evidence: 'hard',
          facts: { claimsAfter: String(1_000_000n * one), backingAfter: String(500_000n * one), sender: thief },
        })
      }
    }
  })

  test('speaks of shares that were made for nothing', () => {
    const { set, see } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one })
    set(1_000n * one, 1_500n * one)
    expect(told(see(touch()))).toEqual([
      'critical: vault: 33.33 % less than before stands behind its shares, in one transaction',
    ])
  })

  test('is silent when half of it is withdrawn, fees accrue, or all of it leaves', () => {
    const { set, see } = vaultScene({ assets: 1_000n * one, shares: 900n * one })
    set(500n * one, 450n * one)
    expect(see(touch()).claims).toEqual([])
    set(510n * one, 450n * one)
    expect(see(touch()).claims).toEqual([])
    set(0n, 0n)
    expect(see(touch())).toMatchObject({ claims: [], blind: [] })
  })

  test('takes a few base units for rounding, however large a part they are', () => {
    const { set, see } = vaultScene({ assets: 2_000n, shares: 1_000n })
    set(2n, 1n)
    expect(see(touch()).claims).toEqual([])
    set(5n, 1n)
    expect(see(touch()).claims).toEqual([])
    set(100_000_005n, 33_333_334n)
    expect(see(touch()).claims).toEqual([])
    // Of those who were there before, and not of who came, is what is lost.
    const [limit, above] = [2_000n, 2_001n].map((assets) => {
      const own = vaultScene({ assets, shares: 1n })
      own.set(1_000n * one, one)
      return told(own.see(touch()))
    })
    expect(limit).toEqual([])
    expect(above).toEqual([expect.stringMatching(/^critical: .* less than before/)])
  })

  test('does not page where the asset itself took from all who hold it', () => {
    const { set, see } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one })
    see(touch())
    set(900n * one, 1_000n * one, 900_000n * one)
    expect(told(see(touch()))).toEqual([
      'medium: vault: 10 % less than before stands behind its shares, in one transaction',
    ])
  })

  test('finds a loss that no transaction shows when it looks again, once', () => {
    const { set, see } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one, options: { everyBlocks: 2 } })
    see(touch())
    for (const _ of [1, 2, 3]) see()
    set(800n * one, 1_000n * one)
    const seen = [see(), see(), see(), see()].flatMap(told)
    expect(seen).toEqual([
      'critical: vault: 20 % less than before stands behind its shares, since it was last looked at',
    ])
  })

  test('tells a loss once that a transaction and the next look show', () => {
    const { set, see } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one, options: { everyBlocks: 2 } })
    for (const _ of [1, 2, 3]) see()
    set(800n * one, 1_000n * one)
    expect(see(touch()).claims).toHaveLength(1)
    expect([see(), see(), see()].flatMap(({ claims }) => claims)).toEqual([])
  })

  test('asks nothing of a quiet block, and little of a busy one', () => {
    const { see } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one })
    see(touch())
    expect(see().reads).toEqual([])
    expect(see(touch()).reads).toHaveLength(6)
  })

  test('is blind where nobody answers, and where the vault no longer does', () => {
    const { see, world } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one })
    see(touch())
    world.down.add(toFunctionSelector('totalAssets()'))
    expect(see(touch()).blind).toContain('vault: nobody answers')
    world.down.clear()
    see(touch())
    world.set(ask(target, 'totalAssets()'), null)
    expect(see(touch()).blind).toEqual(['vault no longer tells what stands behind its shares'])
  })
})

describe('the first deposit into a vault', () => {
  test('speaks of a share that was blown up, and of who then gets none', () => {
    const { set, see } = vaultScene({ assets: 0n, shares: 0n })
    set(1n + 20_000n * one, 1n)
    expect(told(see(touch({ logs: [deposited(1n, 1n)] })))).toEqual([
      `high: vault was blown up: ${1n + 20_000n * one} base units stand behind only 1 of its shares`,
    ])
    set(1n + 39_000n * one, 1n)
    expect(told(see(touch({ logs: [deposited(19_000n * one, 0n)] })))).toContain(
      `critical: A deposit of ${19_000n * one} base units into vault got no shares: what was paid goes to who holds the others`,
    )
  })

  test('speaks of a deposit of which rounding took a part', () => {
    const { set, see } = vaultScene({ assets: 10_000n * one, shares: 1n })
    set(29_000n * one, 2n)
    expect(told(see(touch({ logs: [deposited(19_000n * one, 1n)] })))).toContainEqual(
      expect.stringMatching(/^high: .* got only 1 base units/),
    )
  })

  test('is silent when it is an ordinary one', () => {
    const { set, see } = vaultScene({ assets: 0n, shares: 0n })
    set(5_000n * one, 5_000n * one)
    expect(see(touch({ logs: [deposited(5_000n * one, 5_000n * one)] })).claims).toEqual([])
    set(5_001n * one, 5_000n * one)
    expect(see(touch()).claims).toEqual([])
  })
})

describe('a pair', () => {
  type Sides = { reserves: [bigint, bigint]; balances?: [bigint, bigint]; shares: bigint; last?: bigint }
  function pairScene(start: Sides) {
    const world = new World()
    const set = ({ reserves, balances = reserves, shares, last = 0n }: Sides, supply = 1_000_000n * one) =>
      world
        .set(ask(target, 'token0()'), word(token))
        .set(ask(target, 'token1()'), word(other))
        .set(
          ask(target, 'getReserves()'),
          encodeAbiParameters([{ type: 'uint112' }, { type: 'uint112' }, { type: 'uint32' }], [...reserves, 1]),
        )
        .set(ask(target, 'totalSupply()'), shares)
        .set(ask(target, 'kLast()'), last)
        .set(ask(token, 'balanceOf(address)', target), balances[0])
        .set(ask(other, 'balanceOf(address)', target), balances[1])
        .set(ask(token, 'totalSupply()'), supply)
        .set(ask(other, 'totalSupply()'), 1_000_000n * one)
    set(start).settle()
    return { set, ...watching([contract('pair', target)], { world }) }
  }
  const full: Sides = { reserves: [1_000n * one, 1_000n * one], shares: 1_000n * one }

  test('speaks when its reserves shrink and nobody gave up liquidity', () => {
    const { set, see } = pairScene(full)
    set({ ...full, reserves: [10n * one, 1_000n * one] })
    expect(told(see(touch()))).toEqual([
      'critical: pair: 90 % less than before stands behind its liquidity, in one transaction',
    ])
  })

  test('speaks when its tokens vanish behind its back', () => {
    const { set, see } = pairScene(full)
    see(touch())
    set({ ...full, balances: [600n * one, 1_000n * one] })
    expect(told(see(touch()))).toEqual([
      `critical: pair: 40 % less than before stands behind its reserve 0x0000…0022, in one transaction`,
    ])
  })

  test('is silent at swaps, liquidity that comes and goes, and fees that the protocol takes', () => {
    const { set, see } = pairScene(full)
    set({ ...full, reserves: [2_000n * one, 501n * one] })
    expect(see(touch()).claims).toEqual([])
    set({ reserves: [200n * one, 50n * one + one / 10n], shares: 100n * one })
    expect(see(touch()).claims).toEqual([])
    const last = one * one
    const grown = (one * 11n) / 10n
    set({ reserves: [grown, grown], shares: one, last }).settle()
    set({ reserves: [grown, grown], shares: one + one / 65n, last: grown * grown })
    expect(see(touch()).claims).toEqual([])
  })

  test('does not page when a token rebases', () => {
    const { set, see } = pairScene(full)
    see(touch())
    set({ ...full, reserves: [900n * one, 1_000n * one] }, 900_000n * one)
    expect(told(see(touch()))).toEqual([
      'medium: pair: 5.13 % less than before stands behind its liquidity, in one transaction',
    ])
  })
})

describe('a wrapper of coins', () => {
  function wrapperScene(coins: bigint, supply: bigint) {
    const world = new World()
    const set = (nowCoins: bigint, nowSupply: bigint) =>
      world
        .set(`balance ${target}`, nowCoins)
        .set(ask(target, 'totalSupply()'), nowSupply)
        .set(`code ${target}`, '0x6080632e1a7d4d14')
    set(coins, supply).settle()
    return { set, ...watching([contract('weth', target)], { world }) }
  }

  test('speaks when coins are missing, not when there are too many', () => {
    const { set, see } = wrapperScene(100n * one, 100n * one)
    set(150n * one, 140n * one)
    expect(see(touch()).claims).toEqual([])
    set(100n * one, 200n * one)
    expect(told(see(touch()))).toEqual([
      'critical: weth: 50 % less than before stands behind its wrapped coins, in one transaction',
    ])
  })

  test('is silent when many leave', () => {
    const { set, see } = wrapperScene(100n * one, 100n * one)
    set(one, one)
    expect(see(touch()).claims).toEqual([])
  })
})

describe('a reserve of a lending pool', () => {
  const [asset, stable, variable, pool] = [0x66, 0x77, 0x88, 0x99].map(account) as [Address, Address, Address, Address]
  type Sums = { deposits: bigint; cash: bigint; debt: bigint }
  function lendingScene(start: Sums, watched: Address) {
    const world = new World()
    const tokens = { type: 'address' } as const
    const struct = [...Array.from({ length: 8 }, () => ({ type: 'uint256' }) as const), tokens, tokens, tokens]
    const rest = Array.from({ length: 4 }, () => ({ type: 'uint256' }) as const)
    const zeros = Array.from({ length: 8 }, () => 0n)
    const set = ({ deposits, cash, debt }: Sums) =>
      world
        .set(ask(target, 'UNDERLYING_ASSET_ADDRESS()'), word(asset))
        .set(ask(target, 'POOL()'), word(pool))
        .set(ask(pool, 'getReservesList()'), encodeAbiParameters([{ type: 'address[]' }], [[asset]]))
        .set(
          ask(pool, 'getReserveData(address)', asset),
          encodeAbiParameters([...struct, ...rest], [...zeros, target, stable, variable, 0n, 0n, 0n, 0n] as never),
        )
        .set(ask(target, 'totalSupply()'), deposits)
        .set(ask(asset, 'balanceOf(address)', target), cash)
        .set(ask(variable, 'totalSupply()'), debt)
        .set(ask(stable, 'totalSupply()'), 0n)
    set(start).settle()
    const watch = watching([contract('lending', watched)], { world })
    for (const _ of [1, 2, 3]) watch.see(touch({ to: watched }))
    return { set, ...watch }
  }
  const fair: Sums = { deposits: 1_000n * one, cash: 400n * one, debt: 600n * one }

  test.each([
    ['deposits are made for nothing', { ...fair, deposits: 1_500n * one }],
    ['a debt is wiped out', { ...fair, debt: 100n * one }],
    ['cash is taken', { ...fair, cash: 0n }],
  ])('speaks when %s, whether its pool or its token is watched', (_, robbed) => {
    for (const watched of [target, pool]) {
      const { set, see } = lendingScene(fair, watched)
      set(robbed)
      expect(told(see(touch({ to: watched })))).toEqual([
        expect.stringMatching(/^critical: lending: .* less than before stands behind its deposits of 0x0000…0066/),
      ])
    }
  })

  test('is silent at deposits, loans, and interest', () => {
    const { set, see } = lendingScene(fair, target)
    for (const sums of [
      { deposits: 2_000n * one, cash: 1_400n * one, debt: 600n * one },
      { deposits: 2_000n * one, cash: 100n * one, debt: 1_900n * one },
      { deposits: 2_010n * one, cash: 100n * one, debt: 1_912n * one },
      // The treasury of the pool takes its part of the interest, which was nobody's yet.
      { deposits: 2_012n * one, cash: 100n * one, debt: 1_912n * one },
    ]) {
      set(sums)
      expect(see(touch()).claims).toEqual([])
    }
  })
})

describe('a share that tells its own rate', () => {
  function rateScene(signature: string) {
    const world = new World()
    const set = (rate: bigint, supply: bigint) =>
      world.set(ask(target, signature), rate).set(ask(target, 'totalSupply()'), supply)
    set(one, 1_000n * one).settle()
    return { set, ...watching([contract('pool', target)], { world }) }
  }

  test.each(['exchangeRateStored()', 'get_virtual_price()', 'getRate()', 'pricePerShare()'])(
    'is heard by %s',
    (signature) => {
      const { set, see } = rateScene(signature)
      set((one * 101n) / 100n, 10n * one)
      expect(see(touch()).claims).toEqual([])
      set((one * 90n) / 100n, 10n * one)
      expect(told(see(touch()))).toEqual([
        'critical: pool: 10.89 % less than before stands behind its rate, in one transaction',
      ])
      set(3n * one, 10n * one)
      expect(told(see(touch()))[0]).toMatch(/^high: pool: 233.33 % more/)
    },
  )

  test('may begin anew when the last share is gone', () => {
    const { set, see } = rateScene('getRate()')
    set(2n * one, 0n)
    expect(see(touch()).claims).toEqual([])
    set(one, 0n)
    expect(see(touch()).claims).toEqual([])
    set(one, 5n * one)
    expect(see(touch())).toMatchObject({ claims: [], blind: [] })
  })

  test('is not asked where the books can be read', () => {
    const { set, see, world } = vaultScene({ assets: 1_000n * one, shares: 1_000n * one })
    world.set(ask(target, 'pricePerShare()'), one).settle()
    set(500n * one, 1_000n * one)
    world.set(ask(target, 'pricePerShare()'), one / 2n)
    expect(see(touch()).claims).toHaveLength(1)
    expect(see(touch()).reads).toHaveLength(6)
  })
})

test('a market as Compound v3 writes them keeps its deposits covered', () => {
  const world = new World()
  const set = (deposits: bigint, cash: bigint, debt: bigint) =>
    world
      .set(ask(target, 'baseToken()'), word(token))
      .set(ask(target, 'totalSupply()'), deposits)
      .set(ask(target, 'totalBorrow()'), debt)
      .holds(token, target, cash)
  set(1_000n * one, 600n * one, 420n * one).settle()
  const { see } = watching([contract('comet', target)], { world })
  see(touch())
  set(1_000n * one, 100n * one, 920n * one)
  expect(see(touch()).claims).toEqual([])
  set(1_000n * one, 100n * one, 500n * one)
  expect(told(see(touch()))).toEqual([
    'critical: comet: 40 % less than before stands behind its deposits, in one transaction',
  ])
})

describe('a plain token', () => {
  const minterRole = keccak256(toHex('MINTER_ROLE'))
  function tokenScene() {
    const world = new World().set(ask(target, 'totalSupply()'), 1_000n * one).settle()
    const names = [contract('usd', token, { role: 'dependency' })]
    const watch = scene(backing, [contract('acme', target, { kind: 'erc20' })], { world, names })
    return {
      ...watch,
      mint: (amount: bigint, rest: Partial<SomeTransaction> = {}) =>
        watch.see(touch({ to: other, logs: [moved(target, zero, thief, amount)], ...rest })),
    }
  }

  test('speaks of a part of the supply made out of nothing by somebody new', () => {
    const { mint } = tokenScene()
    expect(mint(19n * one).claims).toEqual([])
    expect(told(tokenScene().mint(20n * one))).toEqual([
      'high: 2 % of the supply of acme was made in one transaction, out of nothing, by somebody who never made any',
    ])
    expect(told(tokenScene().mint(5_000n * one))).toEqual([
      'critical: 500 % of the supply of acme was made in one transaction, out of nothing, by somebody who never made any',
    ])
  })

  test('is silent where who got it burned as much in the same transaction, as of a loan of what is made for it', () => {
    const lent = (...burned: [Address, bigint][]) =>
      told(
        tokenScene().mint(0n, {
          logs: [
            moved(target, zero, thief, 5_000n * one),
            ...burned.map(([from, amount]) => moved(target, from, zero, amount)),
          ],
        }),
      )
    expect(lent([thief, 5_000n * one])).toEqual([])
    expect(lent([thief, 4_981n * one])).toEqual([])
    expect(lent([thief, 4_980n * one])).toEqual([expect.stringMatching(/^high: 2 % of the supply/)])
    expect(lent([user, 5_000n * one])).toEqual([expect.stringMatching(/^critical: 500 % of the supply/)])
    expect(lent([user, 0n], [thief, 9_000n * one])).toEqual([])
  })

  test('is silent at an emission by who may, unless it is huge', () => {
    for (const [question, answer] of [
      [ask(target, 'owner()'), word(thief)],
      [ask(target, 'hasRole(bytes32,address)', minterRole, thief), word(1)],
      [ask(target, 'hasRole(bytes32,address)', minterRole, other), word(1)],
    ] as const) {
      const { mint, world } = tokenScene()
      world.set(question, answer).settle()
      expect(mint(50n * one).claims).toEqual([])
      expect(told(mint(150n * one))).toEqual([
        'high: 15 % of the supply of acme was made in one transaction, out of nothing, by one who may',
      ])
    }
  })

  test('is silent where it was paid for, by coins or by tokens', () => {
    expect(tokenScene().mint(50n * one, { value: one }).claims).toEqual([])
    const paid = [moved(token, thief, target, 60n * one), moved(target, zero, thief, 50n * one)]
    expect(tokenScene().mint(50n * one, { logs: paid }).claims).toEqual([])
    const paper = [moved(user, thief, target, 60n * one), moved(target, zero, thief, 150n * one)]
    expect(told(tokenScene().mint(0n, { logs: paper }))).toEqual([
      'high: 15 % of the supply of acme was made in one transaction, for an unknown token, by somebody who never made any',
    ])
    const sold = [moved(target, zero, thief, 50n * one), moved(token, other, thief, 60n * one)]
    expect(tokenScene().mint(50n * one, { logs: sold }).claims).toHaveLength(1)
  })

  test('is silent where it wraps coins, one for each, and not where fewer came in or lie there', () => {
    const wrapping = (made: bigint, held: [before: bigint, after: bigint]) => {
      const { mint, world } = tokenScene()
      world.set(`balance ${target}`, held[0]).settle()
      world.set(`balance ${target}`, held[1]).set(ask(target, 'totalSupply()'), 1_000n * one + made)
      return mint(made).claims.length
    }
    expect(wrapping(50n * one, [1_000n * one, 1_050n * one])).toBe(0)
    expect(wrapping(5_000n * one, [1_000n * one, 6_000n * one])).toBe(0)
    expect(wrapping(50n * one, [1_000n * one, 1_050n * one - 1n])).toBe(1)
    // More lies there than is owed, as in a staking pool, and nothing came in.
    expect(wrapping(50n * one, [1_100n * one, 1_100n * one])).toBe(1)
    // What was made was given back for coins: there are no more of them, and fewer coins.
    const { mint, world } = tokenScene()
    world.set(`balance ${target}`, 1_100n * one).settle()
    world.set(`balance ${target}`, 1_050n * one)
    expect(mint(50n * one).claims).toHaveLength(1)
  })

  test('pages nobody where the token got as large a part of what it keeps, and does one tenth below', () => {
    const severityOf = (got: bigint, of = token) => {
      const { mint, world } = tokenScene()
      world.holds(of, target, 500n).settle()
      const logs = [moved(of, thief, target, got), moved(target, zero, thief, 1_500n * one)]
      return told(mint(0n, { logs })).map((words) => words.split(':')[0])
    }
    expect(severityOf(675n)).toEqual(['medium'])
    expect(severityOf(674n)).toEqual(['high'])
    // A token that nobody knows is no price.
    expect(severityOf(675n, other)).not.toEqual(['medium'])
  })

  test('takes no thief for a minter because he was told of before', () => {
    const { mint } = tokenScene()
    expect([mint(30n * one), mint(30n * one)].flatMap(told)).toHaveLength(2)
  })

  describe('of which a key makes some again and again', () => {
    const day = 86_400
    const hands = () => {
      const plain = tokenScene()
      let time = 1_700_000_000
      const mint = (amount: bigint, later = 7 * day, rest: Partial<SomeTransaction> = {}) => {
        time += later
        const logs = [moved(target, zero, user, amount), ...(rest.logs ?? [])]
        const { logs: _, ...others } = rest
        return told(plain.see({ timestamp: time, transactions: [tx({ from: thief, to: target, logs, ...others })] }))
      }
      plain.world.set(ask(target, 'owner()'), word(thief)).settle()
      for (let week = 0; week < 5; week++) expect(mint(2n * one)).toEqual([])
      return mint
    }
    const far = (share: string, when: string) => [
      `high: ${share} % of the supply of acme was made for nothing within ${when}, far more than its keys ever made`,
    ]

    test('pages at ten times as much as ever before, and a unit below at nothing', () => {
      expect(hands()(20n * one)).toEqual(far('2', 'a day'))
      expect(hands()(20n * one - 1n)).toEqual([])
      expect(hands()(90n * one)).toEqual(far('9', 'a day'))
    })

    test('adds up a day of large ones, and a week of all', () => {
      const [large, small] = [hands(), hands()]
      expect([large(9n * one), large(9n * one, 600), large(one, 600), large(9n * one, 600)].flat()).toEqual(
        far('2.7', 'a day'),
      )
      const told = Array.from({ length: 5 }, () => small(5n * one, day)).flat()
      expect(told).toEqual([...far('2.2', 'a week'), ...far('2.7', 'a week')])
    })

    test('learns what is made only after a week, so that it cannot be made usual in steps', () => {
      const mint = hands()
      expect(mint(15n * one)).toEqual([])
      expect(mint(60n * one, 3 * day)).toEqual(far('6', 'a day'))
      const patient = hands()
      expect(patient(15n * one)).toEqual([])
      expect(patient(24n * one, 8 * day)).toEqual([])
    })

    test('pages nobody where it is paid for, or contracts of others have a part in it', () => {
      const bridge = event('event Received(bytes32 id)', other, { id: word(1) })
      expect(hands()(90n * one, 7 * day, { logs: [bridge] })).toEqual([])
      expect(hands()(90n * one, 7 * day, { to: other, logs: [bridge] })).toEqual([])
      expect(hands()(90n * one, 7 * day, { logs: [moved(token, user, thief, one)] })).toEqual([])
      const signed = event('event ExecutionSuccess(bytes32 txHash, uint256 payment)', other, {
        ...{ txHash: word(1), payment: 0n },
      })
      expect(hands()(90n * one, 7 * day, { to: other, logs: [signed] })).toEqual(far('9', 'a day'))
    })
  })

  test('asks nothing about a mint that is too small to matter', () => {
    const { mint } = tokenScene()
    mint(50n * one, { from: user })
    expect(mint(4n * one).reads).toEqual([])
  })
})

test('books of your own kind are kept by expressions', () => {
  const world = new World()
  const set = (owed: bigint, held: bigint) => world.set(ask(target, 'owed()'), owed).holds(token, target, held)
  set(100_000n, 120_000n).settle()
  const abi = [
    { type: 'function', name: 'owed', inputs: [], outputs: [{ type: 'uint256', name: '' }], stateMutability: 'view' },
  ] as const
  const balance = [
    {
      ...{ type: 'function', name: 'balanceOf', stateMutability: 'view' },
      inputs: [{ type: 'address', name: 'of' }],
      outputs: [{ type: 'uint256', name: '' }],
    },
  ] as const
  const { see } = watching([contract('bank', target, { abi })], {
    world,
    names: [contract('usd', token, { abi: balance as never })],
    options: { books: { deposits: { claims: 'owed()', backing: '$usd.balanceOf($bank)' } } },
  })
  set(100_000n, 101_000n)
  expect(see(touch()).claims).toEqual([])
  set(100_000n, 50_000n)
  expect(told(see(touch()))).toEqual([
    'critical: bank: 50 % less than before stands behind its deposits, in one transaction',
  ])
})

test('percents that do not grow with the severity are refused', () => {
  expect(() => backing.options.parse({ highPercent: 5 })).toThrow('the percents must grow with the severity')
})

describe.skipIf(!hasCorpus)('on recorded mainnet blocks', () => {
  test('is silent where nothing can be known but what the logs say', () => {
    const blocks = corpusReceiptBlocks().map(modelBlock)
    const logs = blocks.flatMap(({ receipts }) => receipts!.flatMap((receipt) => receipt.logs))
    const emitters = [...new Set(logs.map(({ address }) => address))]
    const on = emitters.slice(0, 200).map((address, index) => contract(`c${index}`, address))
    const world = new World()
    for (const address of emitters) world.set(ask(address, 'totalSupply()'), 10n ** 24n)
    const watch = scene(backing, on, { world: world.settle() })
    const seen = blocks.map((each) => watch.judge(each))
    expect(seen.flatMap(({ reads }) => reads).length).toBeGreaterThan(100)
    expect(seen.flatMap(({ claims, blind }) => [...claims, ...blind])).toEqual([])
  })
})

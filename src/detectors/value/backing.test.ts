import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import {
  ask,
  one,
  target,
  thief,
  token,
  told,
  touch,
  user,
  watching,
} from '../../../test/harness/detectors/backingScene.ts'
import { event } from '../../../test/harness/node/block.ts'
import { contract, modelBlock, scene, World, word } from '../../../test/harness/scene.ts'
import { backing } from './backing.ts'

const deposited = (assets: bigint, shares: bigint) =>
  event('event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)', target, {
    sender: user,
    owner: user,
    assets,
    shares,
  })

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
      'high: vault was blown up: 20,000,000,000,000,000,000,001 base units stand behind only 1 of its shares',
    ])
    set(1n + 39_000n * one, 1n)
    expect(told(see(touch({ logs: [deposited(19_000n * one, 0n)] })))).toContain(
      'critical: A deposit of 19,000,000,000,000,000,000,000 base units into vault got no shares: what was paid goes to who holds the others',
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

import { getContractAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { busiest } from '../../../test/harness/busiest.ts'
import { hasCorpus } from '../../../test/harness/corpus.ts'
import { account, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { PoorWorld } from '../../../test/harness/poorWorld.ts'
import { recordedTracedBlocks } from '../../../test/harness/recordedTracedBlocks.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Claim } from '../../model/finding.ts'
import type { Pricing } from '../../model/pricing.ts'
import { clusterProfit } from './clusterProfit.ts'

const numbered = (n: number): Address => account(n * 0x1111)
const [usd, thief, tool, owner, venue, stash, other] = [2, 3, 4, 5, 6, 7, 8].map(numbered) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const desk: Address = '0x7bfa7c4f149e7415b73bdedfe609237e29cbf34a'
const dollar: Pricing[] = [{ name: 'usdFeed', read: null, priceIn: () => ({ price: 1 }) }]

const moved = (from: Address, to: Address, value: bigint, token = usd): SomeLog =>
  transferLog(token, { from, to, value })
const padded = (value: Address | bigint) => word(value).slice(2)
const takes = (from: Address, to: Address, value: bigint, by: Address = desk) => ({
  from: by,
  to: usd,
  input: `0x23b872dd${padded(from)}${padded(to)}${padded(value)}` as Hex,
})
/** Whoever has the desk take something says from whom. */
const naming = (...owners: Address[]): Hex => `0x12345678${owners.map(padded).join('')}`
const told = ({ claims }: { claims: readonly Claim[] }) =>
  claims.map(({ severity, title }) => `${severity ?? clusterProfit.severity}: ${title}`)

/** A desk that people let take their dollars, of which the owner holds 1,000,000. */
function deskScene({ prices = dollar, options = {} }: { prices?: Pricing[]; options?: object } = {}) {
  const world = new World().set(`call ${usd} 0x313ce567`, 0n).holds(usd, owner, 1_000_000n)
  for (const at of [venue, tool, other]) world.set(`code ${at}`, '0x60')
  world.settle()
  const names = [contract('usd', usd, { kind: 'erc20', role: 'dependency', prices })]
  const watch = scene(clusterProfit, [contract('desk', desk)], { world, names, options })
  return {
    world,
    watch,
    play(logs: SomeLog[], rest: Partial<SomeTransaction> = {}, held = 0n) {
      world.holds(usd, owner, held)
      return watch.see({ transactions: [tx({ from: thief, to: desk, logs, input: naming(owner), ...rest })] })
    },
  }
}

describe('what a contract took from somebody who did nothing', () => {
  test('pages, though nothing left the contract itself, and names who has it', () => {
    const logs = [moved(owner, thief, 900_000n)]
    const { claims } = deskScene().play(logs, { calls: [takes(owner, thief, 900_000n)] }, 100_000n)
    expect(claims).toMatchObject([
      {
        title: `desk took 90 % of the usd of 0x0000…5555 (≈ $900 k), who neither called it nor signed, for 0x0000…3333`,
        address: desk,
        evidence: 'hard',
        actors: [thief, thief],
        facts: { owners: 1, taken: [{ from: owner, to: thief, amount: '900000', held: '1000000', usd: 900_000 }] },
      },
    ])
    expect(claims[0]).not.toHaveProperty('severity')
  })

  test('pages also where it goes to an account of nothing else, through the contract, or by a contract of the thief', () => {
    const fresh = moved(owner, stash, 900_000n)
    expect(told(deskScene().play([fresh], { calls: [takes(owner, stash, 900_000n)] }))[0]).toMatch(/^high/)
    const { world, play } = deskScene()
    world.set(`code ${stash}`, `0xef0100${venue.slice(2)}`).settle()
    expect(told(play([fresh], { calls: [takes(owner, stash, 900_000n)] }))[0]).toMatch(/^high/)
    const through = [moved(owner, desk, 900_000n), moved(desk, tool, 900_000n)]
    const calls = [{ to: desk, input: naming(owner), calls: [takes(owner, desk, 900_000n)] }]
    expect(told(deskScene().play(through, { to: tool, calls }))[0]).toMatch(/^high/)
  })

  test('pages where it stays with the contract and a stranger gets the shares, not where the owner does', () => {
    const zero = account(0)
    const put = (holder: Address) => [moved(owner, desk, 900_000n), moved(zero, holder, 900n, desk)]
    const calls = [takes(owner, desk, 900_000n)]
    expect(told(deskScene().play(put(thief), { calls }))).toEqual([
      'high: desk took 90 % of the usd of 0x0000…5555 (≈ $900 k), who neither called it nor signed, for 0x0000…3333',
    ])
    expect(deskScene().play(put(owner), { calls }).claims).toEqual([])
  })

  test('pages where shares of somebody who did nothing were burned and a stranger got what they stood for', () => {
    const zero = account(0)
    const burn = (logs: SomeLog[], rest: Partial<SomeTransaction> = {}) => {
      const { world, watch } = deskScene()
      world.holds(desk, owner, 1_000n).holds(usd, desk, 5_000n).settle()
      world.holds(desk, owner, 100n)
      const calls = [{ to: desk, input: naming(owner) }]
      const burned = moved(owner, zero, 900n, desk)
      return told(watch.see({ transactions: [tx({ from: thief, to: tool, calls, logs: [burned, ...logs], ...rest })] }))
    }
    const paid = moved(desk, thief, 900n)
    expect(burn([paid])).toEqual([
      'high: desk took 90 % of the desk of 0x0000…5555, who neither called it nor signed, for 0x0000…3333',
    ])
    expect(burn([moved(desk, owner, 900n)])).toEqual([])
    expect(burn([paid], { from: owner })).toEqual([])
    // A debt is paid off, with tokens or by the burning of what stands for it.
    expect(burn([paid, moved(thief, desk, 700n, other)])).toEqual([])
    expect(burn([paid, moved(owner, zero, 700n, other)])).toEqual([])
  })

  test('is graver the more owners it was taken from', () => {
    const owners = [11, 12, 13, 14, 15].map(numbered)
    const take = (from: readonly Address[]) => {
      const { world, play } = deskScene({ prices: [] })
      for (const each of from) world.holds(usd, each, 500n)
      world.settle()
      for (const each of from) world.holds(usd, each, 0n)
      const logs = from.map((each) => moved(each, thief, 500n))
      return told(play(logs, { input: naming(...from), calls: from.map((each) => takes(each, thief, 500n)) }))
    }
    expect(take(owners.slice(0, 4))[0]).toMatch(/^high: desk took 100 % of the usd of 0x.* and 3 more,/)
    expect(take(owners)[0]).toMatch(/^critical: .* and 4 more,/)
  })

  test('is medium just below the limit in percent or in dollars, and nothing below a quarter', () => {
    const take = (amount: bigint, options = {}, prices = dollar) =>
      told(
        deskScene({ options, prices }).play(
          [moved(owner, thief, amount)],
          { calls: [takes(owner, thief, amount)] },
          1_000_000n - amount,
        ),
      ).map((words) => words.split(':')[0])
    expect(take(500_000n)).toEqual(['high'])
    expect(take(499_999n)).toEqual(['medium'])
    expect(take(125_000n)).toEqual(['medium'])
    expect(take(124_999n)).toEqual([])
    expect(take(900_000n, { takenUsd: 900_000 })).toEqual(['high'])
    expect(take(900_000n, { takenUsd: 900_000.01 })).toEqual(['medium'])
    expect(take(900_000n, { takenUsd: 900_000.01 }, [])).toEqual(['high'])
  })

  test('is none where the owner called, signed, got something for it, or gave it to the contract to keep', () => {
    const logs = [moved(owner, thief, 900_000n)]
    const call = takes(owner, thief, 900_000n)
    for (const [seen, rest] of [
      [logs, { from: owner, calls: [call] }],
      [logs, { input: naming(thief), calls: [call] }],
      [logs, { to: tool, calls: [{ to: owner, calls: [{ to: desk, input: naming(owner), calls: [call] }] }] }],
      [logs, { calls: [{ to: owner, kind: 'staticcall', input: '0x1626ba7e' }, call] }],
      [[...logs, moved(venue, owner, 5n, other)], { calls: [call] }],
      [[...logs, moved(owner, account(0), 5n, other)], { calls: [call] }],
      [[moved(owner, desk, 900_000n)], { calls: [takes(owner, desk, 900_000n)] }],
      [logs, { calls: [{ ...call, error: 'execution reverted' }] }],
      [logs, { calls: [{ ...call, from: venue }] }],
    ] as [SomeLog[], Partial<SomeTransaction>][]) {
      expect({ rest, told: told(deskScene().play(seen, rest)) }).toEqual({ rest, told: [] })
    }
  })

  test('pages nobody where a signature may stand in the calldata, since not every node tells who signed', () => {
    for (const data of [padded(27n), padded(28n), `${padded(7n)}aabbccdd${padded(65n)}`]) {
      const rest = { calls: [takes(owner, thief, 900_000n)], input: `${naming(owner)}${data}` as Hex }
      expect(told(deskScene().play([moved(owner, thief, 900_000n)], rest))[0]).toMatch(/^medium/)
    }
    const rest = { calls: [takes(owner, thief, 900_000n)], input: `${naming(owner)}${padded(26n)}` as Hex }
    expect(told(deskScene().play([moved(owner, thief, 900_000n)], rest))[0]).toMatch(/^high/)
  })

  test('is not believed of a token that moves no balance, and is blind where nobody says what is held', () => {
    const logs = [moved(owner, thief, 900_000n)]
    const rest = { calls: [takes(owner, thief, 900_000n)] }
    expect(told(deskScene().play(logs, rest, 1_000_000n))[0]).toMatch(/^medium/)
    const { world, play } = deskScene()
    world.down.add(`${usd} 0x70a08231`)
    expect(play(logs, rest)).toMatchObject({
      claims: [],
      blind: [`What desk took of ${usd} could not be weighed: nobody answers`],
    })
  })

  test('reads calldata that is cut off or nonsense without falling', () => {
    const { play } = deskScene()
    for (const input of ['0x23b872dd', `0x23b872dd${'f'.repeat(192)}`, `0x23b872dd${padded(owner)}`] as const) {
      expect(play([], { calls: [{ from: desk, to: usd, input }] }).claims).toEqual([])
    }
  })
})

describe('what strangers earn', () => {
  /** A bot of the thief that trades in a venue, and uses the desk along with it. */
  const earned = (amount: bigint, rest: SomeLog[] = []) => [
    event('event Traded(address indexed by)', desk, { by: tool }),
    moved(venue, tool, amount),
    ...rest,
  ]

  test('is medium from the limit on, and not a dollar below', () => {
    expect(told(deskScene().play(earned(100_000n), { to: tool }))).toEqual([
      'medium: 0x0000…3333 and 1 more earned ≈ $100 k in one transaction that used desk',
    ])
    expect(deskScene().play(earned(99_999n), { to: tool }).claims).toEqual([])
  })

  test('is added up over the transactions of the same actors within some blocks, and told again when it has doubled', () => {
    const { play, watch } = deskScene()
    expect(play(earned(60_000n), { to: tool }).claims).toEqual([])
    expect(told(play(earned(60_000n), { to: tool, from: other }))[0]).toMatch(/earned ≈ \$120 k within a few blocks/)
    expect(play(earned(60_000n), { to: tool }).claims).toEqual([])
    expect(told(play(earned(60_000n), { to: tool }))[0]).toMatch(/earned ≈ \$240 k/)
    for (let block = 0; block < 26; block++) watch.see({})
    expect(play(earned(60_000n), { to: tool }).claims).toEqual([])
  })

  test('is nothing where they put it in just before, or share it among themselves', () => {
    const { play } = deskScene()
    expect(play([moved(tool, desk, 500_000n)], { to: tool }).claims).toEqual([])
    expect(play(earned(500_000n), { to: tool }).claims).toEqual([])
    expect(play(earned(0n, [moved(thief, tool, 500_000n)]), { to: tool }).claims).toEqual([])
    expect(play(earned(500_000n, [moved(tool, venue, 450_000n)]), { to: tool }).claims).toEqual([])
  })

  test('counts what goes to an account that only they feed', () => {
    const logs = earned(500_000n, [moved(tool, stash, 500_000n)])
    expect(deskScene().play(logs, { to: tool }).claims[0]?.actors).toContain(stash)
  })

  test('is the business of whoever calls the contract himself or gives its shares back', () => {
    expect(deskScene().play(earned(500_000n), { to: desk }).claims).toEqual([])
    const shares = earned(500_000n, [moved(tool, account(0), 7n, desk)])
    expect(deskScene().play(shares, { to: tool }).claims).toEqual([])
  })

  test('is low where something without a price was given for it, and blind where what has one cannot be counted', () => {
    const sold = earned(500_000n, [moved(tool, venue, 7n, other)])
    expect(told(deskScene().play(sold, { to: tool }))[0]).toMatch(/^low/)
    const prices: Pricing[] = [{ name: 'usdFeed', read: null, priceIn: () => ({ none: 'its price is 3 hours old' }) }]
    expect(deskScene({ prices }).play(earned(500_000n), { to: tool })).toMatchObject({
      claims: [],
      blind: ['What was earned by desk could not be counted: usdFeed: its price is 3 hours old'],
    })
    expect(deskScene({ prices: [] }).watch.watch.notes).toEqual([
      'No token of the config has `prices`, so that no profit can be counted.',
    ])
  })

  test('joins who made the contract before', () => {
    const { world, watch, play } = deskScene()
    const making = tx({ from: other, to: null, nonce: 7, input: `0x73${desk.slice(2)}` })
    const made = getContractAddress({ from: other, nonce: 7n }).toLowerCase() as Address
    watch.see({ transactions: [making] })
    world.settle()
    const logs = [event('event Traded(address indexed by)', desk, { by: made }), moved(venue, made, 500_000n)]
    expect(play(logs, { to: made }).claims[0]?.actors).toContain(other)
  })
})

describe.skipIf(!hasCorpus)('on recorded mainnet, where the great coins have a price', () => {
  const coins: [symbol: string, address: Address, decimals: bigint, price: number][] = [
    ['weth', '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2', 18n, 3_000],
    ['usdc', '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48', 6n, 1],
    ['usdt', '0xdac17f958d2ee523a2206206994597c13d831ec7', 6n, 1],
    ['dai', '0x6b175474e89094c44da98b954eedeac495271d0f', 18n, 1],
    ['wbtc', '0x2260fac5e5542a773aa44fbcfedf7c193bc2c599', 8n, 60_000],
  ]
  const fixed = (price: number): Pricing[] => [{ name: 'fixed', read: null, priceIn: () => ({ price }) }]

  test('no trade, arbitrage or liquidation of the busiest contracts pages anybody', { timeout: 60_000 }, () => {
    const blocks = recordedTracedBlocks()
    const calls = blocks.flatMap(({ traces }) => [...traces!.values()].flatMap((each) => (each.ok ? each.calls : [])))
    const takers = calls.flatMap(({ from, input }) => (input.startsWith('0x23b872dd') ? [from] : []))
    const called = calls.flatMap(({ to, input, kind }) => (to && input !== '0x' && kind === 'call' ? [to] : []))
    const addresses = new Set([...busiest(called, 12), ...busiest(takers, 12)])
    const claims = [...addresses].flatMap((address) => {
      const world = new PoorWorld()
      for (const [, coin, decimals] of coins) world.set(`call ${coin} 0x313ce567`, decimals)
      world.settle()
      const names = coins
        .filter(([, coin]) => coin !== address)
        .map(([name, coin, , price]) => contract(name, coin, { role: 'dependency', prices: fixed(price) }))
      const options = { usd: 1_000, takenUsd: 0.01 }
      const watch = scene(clusterProfit, [contract('busy', address)], { world, names, coin: fixed(3_000), options })
      return blocks.flatMap((block) => watch.judge(block).claims)
    })
    // With a limit that is a hundredth of the default something is earned, so that it was looked at.
    expect(claims.length).toBeGreaterThan(0)
    expect(claims.filter(({ severity }) => severity !== 'medium' && severity !== 'low')).toEqual([])
  })
})

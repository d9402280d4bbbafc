import { describe, expect, test } from 'vitest'
import { corpusReceiptBlocks, hasCorpus } from '../../../test/harness/corpus.ts'
import { account, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, modelBlock, scene, World } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import type { Pricing } from '../../model/pricing.ts'
import { ownLoss } from './ownLoss.ts'

const [bank, thief, tool, usd, share, user] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66].map(account) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const zero = account(0)

const moved = (from: Address, to: Address, value: bigint, token = usd): SomeLog =>
  transferLog(token, { from, to, value })
const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? ownLoss.severity}: ${title}`)

/** A bank of 1,000 units, whose balance follows the logs. The tool of the thief is there already, unless it is `fresh`. */
function bankScene({
  fresh = false,
  named = true,
  options = {},
  prices = [],
}: {
  fresh?: boolean
  named?: boolean
  options?: object
  /** Of the dollar, which has two decimals here. */
  prices?: Pricing[]
} = {}) {
  const world = new World().holds(usd, bank, 1_000n).set(`call ${usd} 0x313ce567`, 2n)
  if (!fresh) world.set(`code ${tool}`, '0x60')
  world.settle()
  world.set(`code ${tool}`, '0x60')
  const watch = scene(ownLoss, [contract('bank', bank)], {
    world,
    options,
    names: named
      ? [
          contract('usd', usd, { kind: 'erc20', role: 'dependency', prices }),
          contract('share', share, { role: 'dependency' }),
        ]
      : [],
  })
  return {
    world,
    play(logs: SomeLog[], rest: Partial<SomeTransaction> = {}, held?: bigint) {
      const net = logs.reduce((sum, { address, topics, data }) => {
        if (address !== usd) return sum
        const sign = BigInt(topics[2]!) === BigInt(bank) ? 1n : BigInt(topics[1]!) === BigInt(bank) ? -1n : 0n
        return sum + sign * BigInt(data)
      }, 0n)
      world.holds(usd, bank, held ?? 1_000n + net)
      return watch.see({ transactions: [tx({ from: thief, to: tool, logs, ...rest })] })
    },
  }
}

const reentered = [moved(tool, bank, 100n), ...[1, 2, 3, 4].map(() => moved(bank, tool, 100n))]

describe('a loss in one transaction', () => {
  test('is told when the same sum was paid out again and again', () => {
    const seen = bankScene().play(reentered)
    expect(told(seen)).toEqual([
      'high: 30 % of the usd of bank was taken in one transaction, the same sum several times',
    ])
    expect(seen.claims[0]).toMatchObject({
      address: bank,
      transactionHash: seen.block.transactions[0]!.hash,
      evidence: 'hard',
      facts: { amount: '300', heldBefore: '1000', heldAfter: '700', sender: thief, called: tool },
    })
  })

  test('is only notable where little went in equal parts, as to the owner of equal claims, until it comes again', () => {
    const scene = bankScene()
    const parts = [1, 2, 3].map(() => moved(bank, tool, 15n))
    expect(told(scene.play(parts)).map((words) => words.split(':')[0])).toEqual(['medium'])
    scene.world.holds(usd, bank, 1_000n).settle()
    expect(told(scene.play(parts)).map((words) => words.split(':')[0])).toEqual(['high'])
  })

  test('is told when many hands got the same sum and one has all of it, not when each keeps his', () => {
    const hands = [0x81, 0x82, 0x83].map(account)
    const paid = hands.map((hand) => moved(bank, hand, 50n))
    const passed = hands.map((hand) => moved(hand, thief, 50n))
    expect(told(bankScene().play([...paid, ...passed]))).toEqual([
      'high: 15 % of the usd of bank was taken in one transaction, the same sum several times',
    ])
    expect(bankScene().play(paid).claims).toEqual([])
    expect(bankScene().play([...paid, ...passed.slice(1)]).claims).toEqual([])
    expect(bankScene().play([...paid.slice(1), ...passed.slice(1)]).claims).toEqual([])
  })

  test('is told when a contract that was made just before took it and gave nothing up', () => {
    expect(told(bankScene({ fresh: true }).play([moved(bank, thief, 50n)]))).toEqual([
      'high: 5 % of the usd of bank was taken in one transaction, by a contract made just before',
    ])
    expect(told(bankScene().play([moved(bank, thief, 200n)], { to: null }))).toEqual([
      'critical: 20 % of the usd of bank was taken in one transaction, by a contract made just before',
    ])
  })

  test('pages nobody where more is taken out than was put in, as borrowers do, unless by a fresh contract', () => {
    const profit = [moved(tool, bank, 500n), moved(bank, tool, 700n)]
    expect(told(bankScene().play(profit))).toEqual([
      'medium: 20 % of the usd of bank was taken in one transaction, more than was put in along with it',
    ])
    expect(told(bankScene({ fresh: true }).play(profit))[0]).toMatch(/^critical/)
  })

  test('is none when a user takes out what nobody saw him put in', () => {
    expect(bankScene().play([moved(bank, user, 900n)], { from: user }).claims).toEqual([])
    const direct = bankScene().play([moved(bank, user, 900n)], { from: user, to: bank })
    expect([direct.claims, direct.reads]).toEqual([[], []])
  })

  test('is none when claims were given up, something was traded for it, or it came back', () => {
    for (const logs of [
      [moved(bank, thief, 500n), moved(thief, zero, 500n, share)],
      [moved(bank, thief, 500n), moved(thief, bank, 3n, share)],
      [moved(bank, tool, 500n), moved(tool, bank, 501n)],
    ]) {
      expect(bankScene({ fresh: true }).play(logs).claims).toEqual([])
    }
  })

  test('is one also where a token that nobody knows is sent along, or burned for it, or coins are unwrapped', () => {
    const junk = account(0x77)
    for (const logs of [
      [moved(bank, thief, 500n), moved(thief, bank, 1n, junk)],
      [moved(bank, thief, 500n), moved(thief, zero, 500n, junk)],
      // A token of the config that pays out what is burned: as wrapped coins do, it is no claim on the bank.
      [moved(bank, thief, 500n), moved(thief, zero, 500n, share), moved(share, thief, 500n, junk)],
      // Shares that were made in the same transaction.
      [moved(bank, thief, 500n), moved(zero, thief, 500n, share), moved(thief, zero, 500n, share)],
    ])
      expect(told(bankScene({ fresh: true }).play(logs))).toEqual([expect.stringMatching(/^critical: 50 %/)])
    expect(bankScene({ fresh: true }).play([moved(bank, thief, 500n), moved(thief, zero, 5n, bank)]).claims).toEqual([])
  })

  test('is one where it got a mere unit of something that it holds much of, and none where it got as large a part', () => {
    const play = (price: bigint, rest: Partial<SomeTransaction>, before: bigint | null = 1_000n) => {
      const { world, play } = bankScene()
      if (before !== null) world.holds(share, bank, before).settle()
      return play([moved(bank, thief, 500n), moved(thief, bank, price, share)], rest)
    }
    const made = { to: null }
    expect(told(play(1n, made))).toEqual([expect.stringMatching(/^critical: 50 %/)])
    expect(told(play(249n, made))).toEqual([expect.stringMatching(/^critical: 50 %/)])
    expect(play(250n, made).claims).toEqual([])
    // What it never held has no part of which it could be one.
    expect(told(play(900n, made, 0n))).toEqual([expect.stringMatching(/^critical: 50 %/)])
    const trade = play(1n, {})
    expect([trade.claims, trade.reads]).toEqual([[], []])
  })

  test('counts in dollars, too, where the token has a price: at the limit, and not a cent below', () => {
    const priced = (price: number): Pricing[] => [{ name: 'usdFeed', read: null, priceIn: () => ({ price }) }]
    // 10 of 1,000 units are below the percent of the default.
    const taken = (price: number, options = {}) =>
      bankScene({ fresh: true, prices: priced(price), options }).play([moved(bank, thief, 10n)])
    expect(told(taken(1_000_000))).toEqual([
      'high: 1 % of the usd of bank (≈ $100 k) was taken in one transaction, by a contract made just before',
    ])
    expect(taken(1_000_000).claims[0]!.facts).toMatchObject({ usd: 100_000, pricedBy: 'usdFeed' })
    expect(taken(999_999.9).claims).toEqual([])
    expect(told(taken(10_000_000))[0]).toMatch(/^critical/)
    const equal = [1, 2, 3].map(() => moved(bank, tool, 5n))
    expect(told(bankScene({ prices: priced(10_000_000) }).play(equal))).toEqual([
      'medium: 1.5 % of the usd of bank (≈ $1.5 M) was taken in one transaction, the same sum several times',
    ])
  })

  test('pages nobody for less than the config wants to be paged for, and for what has no price as ever', () => {
    const options = { leastUsd: 1_000 }
    const worth = (price: number): Pricing[] => [{ name: 'usdFeed', read: null, priceIn: () => ({ price }) }]
    const play = (prices: Pricing[]) => bankScene({ fresh: true, options, prices }).play([moved(bank, thief, 50n)])
    expect(told(play(worth(2_000)))[0]).toMatch(/^high: 5 % of the usd of bank \(≈ \$1 k\)/)
    expect(told(play(worth(1_999)))[0]).toMatch(/^medium/)
    expect(told(play([]))[0]).toMatch(/^high/)
  })

  test('says why what has a price could not be counted, and goes by percent', () => {
    const stale: Pricing[] = [{ name: 'usdFeed', read: null, priceIn: () => ({ none: 'its price is 3 hours old' }) }]
    const seen = bankScene({ fresh: true, prices: stale }).play([moved(bank, thief, 50n)])
    expect(told(seen)[0]).toMatch(/^high: 5 % of the usd of bank was/)
    expect(seen.blind).toEqual(['What bank lost could not be counted in dollars: usdFeed: its price is 3 hours old'])
  })

  test('is none when it is small, failed, or went to another watched contract', () => {
    expect(bankScene({ fresh: true }).play([moved(bank, thief, 19n)]).claims).toEqual([])
    expect(
      bankScene({ fresh: true }).play([moved(bank, thief, 500n)], { status: 'reverted', logs: [] }).claims,
    ).toEqual([])
    const world = new World().holds(usd, bank, 1_000n).settle().holds(usd, bank, 500n)
    const two = scene(ownLoss, [contract('bank', bank), contract('vault', user)], { world })
    expect(two.see({ transactions: [tx({ to: null, logs: [moved(bank, user, 500n)] })] }).claims).toEqual([])
  })

  test('is not believed of a token that moves no balance', () => {
    expect(bankScene({ named: false }).play(reentered, {}, 1_000n).claims).toEqual([])
    expect(told(bankScene().play(reentered, {}, 1_000n))[0]).toMatch(/^medium/)
  })

  test('is blind where nobody says what is held', () => {
    const { world, play } = bankScene()
    world.down.add(usd)
    expect(play(reentered)).toMatchObject({
      claims: [],
      blind: [`Holdings of ${usd} in bank could not be read: nobody answers`],
    })
  })

  test('shows in coins by traces', () => {
    const options = { traces: 'touching' }
    const world = new World().set(`balance ${bank}`, 1_000n).set(`code ${tool}`, '0x60').settle()
    world.set(`balance ${bank}`, 700n)
    const watch = scene(ownLoss, [contract('bank', bank)], { world, options })
    const calls = [1, 2, 3].map(() => ({ from: bank, to: tool, value: 100n }))
    const ping = event('event Left(address indexed by)', bank, { by: tool })
    expect(told(watch.see({ transactions: [tx({ from: thief, to: tool, calls, logs: [ping] })] }))).toEqual([
      'high: 30 % of the native coins of bank was taken in one transaction, the same sum several times',
    ])
  })
})

test.skipIf(!hasCorpus)('no ordinary transaction of recorded mainnet blocks bears a grave sign', () => {
  const blocks = corpusReceiptBlocks().map(modelBlock)
  const logs = blocks.flatMap(({ receipts }) => receipts!.flatMap((receipt) => receipt.logs))
  const busiest = [...Map.groupBy(logs, ({ address }) => address)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 120)
    .map(([address], place) => contract(`busy${place}`, address))
  // Every contract is watched alone, holds no more than it lost, and every balance follows the logs.
  const claims = busiest.flatMap((one) => {
    const watch = scene(ownLoss, [one], { world: emptied() })
    return blocks.flatMap((block) => watch.judge(block).claims)
  })
  expect(claims.filter(({ severity }) => severity !== 'medium')).toEqual([])
})

/** Every account holds one unit before each block and none after it, and every contract has been there for long. */
function emptied(): World {
  const world = new World()
  world.answer = (read) => {
    if (read.kind === 'code') return { ok: true, data: '0x60' }
    return { ok: true, data: `0x${(read.at === 'parent' ? 1n : 0n).toString(16).padStart(64, '0')}` }
  }
  return world
}

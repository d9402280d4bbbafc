import { describe, expect, test } from 'vitest'
import {
  ana,
  bank,
  bankScene,
  ben,
  debts,
  entries,
  moved,
  other,
  out,
  put,
  stranger,
  thief,
  told,
  usd,
} from '../../../test/harness/detectors/accountEntriesScene.ts'
import { account, call, tx } from '../../../test/harness/node/block.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { accountEntries } from './accountEntries.ts'

/** An address, where `account` gives what could as well be a small number. */
const carl = `0x${'4c'.repeat(20)}` as Address

function bankSceneAfter(amount: bigint) {
  const scene = bankScene({ options: { percent: 3 } })
  scene.learn()
  // The bank holds 10,005 by now.
  scene.deal(ben, 5n)
  return scene.pay(thief, amount).claims
}

describe('entries of a token and an account', () => {
  const balances = '0xc23f001f'
  const euro = account(0x7777)

  /** A bank of two tokens; \`order\` puts the words of a question, \`credit\` writes down what came or did not. */
  function twoTokens(order: (token: Address, who: Address) => [Address, Address], isNamed = true) {
    const world = new World()
    const written = new Map<string, bigint>()
    const held = new Map<Address, bigint>([usd, euro].map((token) => [token, 10_000n]))
    const question = (first: Address, second: Address) =>
      `call ${bank} ${balances}${word(first).slice(2)}${word(second).slice(2)}`
    const write = (token: Address, who: Address, by: bigint) => {
      const key = question(...order(token, who))
      written.set(key, (written.get(key) ?? 0n) + by)
      world.set(key, written.get(key)!)
    }
    for (const token of [usd, euro]) {
      world.holds(token, bank, held.get(token)!)
      for (const who of [ana, ben, thief])
        for (const [a, b] of [order(token, who), order(token, who).reverse()]) world.set(question(a!, b!), 0n)
      for (const who of [ana, ben]) write(token, who, 2_000n)
    }
    world.settle()
    const watch = scene(accountEntries, [contract('bank', bank)], {
      world,
      options: { ofTokens: [balances] },
      names: [contract('usd', usd), ...(isNamed ? [contract('euro', euro)] : [])],
    })
    type Deal = { moves: bigint; writes?: bigint; gives?: bigint }
    return (token: Address, who: Address, { moves, writes = moves, gives = 0n }: Deal) => {
      held.set(token, held.get(token)! + moves)
      world.holds(token, bank, held.get(token)!)
      write(token, who, writes)
      write(token === usd ? euro : usd, who, -gives)
      const size = moves < 0n ? -moves : moves
      const logs = moves === 0n ? [] : [moves > 0n ? moved(who, bank, size, token) : moved(bank, who, size, token)]
      return told(watch.see({ transactions: [tx({ from: who, to: bank, input: moves < 0n ? out : put, logs })] }))
    }
  }

  test.each([
    ['token first', (token: Address, who: Address): [Address, Address] => [token, who]],
    ['account first', (token: Address, who: Address): [Address, Address] => [who, token]],
  ])('speak of what was written down and never came, %s', (_, order) => {
    const deal = twoTokens(order)
    for (const [who, moves] of [
      [ana, 40n],
      [ana, -30n],
      [ben, 20n],
      [ben, -25n],
    ] as const)
      for (const token of [usd, euro]) expect(deal(token, who, { moves })).toEqual([])
    // A large customer, then somebody whose token answers false and is believed.
    expect(deal(usd, ben, { moves: -1_500n })).toEqual([])
    expect(deal(euro, thief, { moves: 0n, writes: 500n })).toEqual([
      expect.stringMatching(/^high: bank wrote down 4.99 % of its euro for \S+ beyond what came in$/),
    ])
    expect(deal(usd, thief, { moves: 0n, writes: 50n })).toEqual([])
  })

  test.each([
    ['medium for a tenth of its part of the other token', 51n, true, 'medium'],
    ['high for less', 49n, true, 'high'],
    ['high for a token that the config does not name', 500n, false, 'high'],
  ])('of what was traded inside, %s', (_, gives, isNamed, severity) => {
    const deal = twoTokens((token, who) => [token, who], isNamed)
    for (const [who, moves] of [
      [ana, 40n],
      [ana, -30n],
      [ben, 20n],
      [ben, -25n],
    ] as const)
      for (const token of [usd, euro]) deal(token, who, { moves })
    expect(deal(usd, ana, { moves: 0n, writes: 500n, gives })).toEqual([
      expect.stringContaining(`${severity}: bank wrote`),
    ])
  })
})

describe('payments against the entries of accounts', () => {
  test('speak where a function that takes what it pays off an entry does not', () => {
    const scene = bankScene()
    scene.learn()
    const seen = scene.pay(thief, 300n)
    expect(told(seen)).toEqual(['high: bank paid 2.99 % of its usd and took it off no entry, as it does for others'])
    expect(seen.claims[0]).toMatchObject({
      address: bank,
      evidence: 'hard',
      facts: { excess: '300', paid: '300', accounts: [thief] },
    })
    expect(told(scene.pay(thief, 1_200n))[0]).toContain('critical')
  })

  test('speak of whoever is paid out of an entry far beyond all that is held, and no longer where that is usual', () => {
    const planted = (stood: bigint, times = 1, scene = bankScene()) => {
      scene.learn()
      scene.write(thief, stood - 1_000n)
      scene.world.settle()
      return Array.from({ length: times }, () => told(scene.deal(thief, 200n))).flat()
    }
    expect(planted(100_051n)).toEqual([
      'high: bank paid 1.99 % of its usd out of an entry of 0x0000…5555 that says 10 times as much as it held',
    ])
    expect(planted(100_050n)).toEqual([])
    expect(planted(10n ** 9n, 5)).toHaveLength(3)
    expect(planted(10n ** 9n, 1, bankScene({ named: false }))).toEqual([])
    expect(planted(10n ** 9n, 1, bankScene({ options: { percent: 2 } }))).toEqual([])
  })

  test('add up within a week what one sender took in parts that are too small', () => {
    const scene = bankScene()
    scene.learn()
    expect(told(scene.pay(thief, 60n))).toEqual([])
    // Another has taken as little, which is not the same hand.
    expect(told(scene.pay(stranger, 60n))).toEqual([])
    expect(told(scene.pay(thief, 50n))).toEqual([
      'high: bank paid 1.11 % of its usd and took it off no entry, as it does for others',
    ])
    expect(told(scene.pay(thief, 60n))).toEqual([])
    scene.watch.see({ timestamp: scene.watch.see().block.timestamp + 7 * 86_400 })
    expect(told(scene.pay(thief, 60n))).toEqual([])
  })

  test('say nothing of a large customer who takes out what is written down, nor of less than the limit', () => {
    const scene = bankScene({ options: { percent: 3 } })
    scene.learn()
    scene.write(ana, 6_000n)
    scene.watch.see()
    expect(scene.deal(ana, 6_500n).claims).toEqual([])
    expect(bankSceneAfter(299n)).toEqual([])
    expect(bankSceneAfter(300n)).toHaveLength(1)
  })

  test('speak where more is written down than came in, also where an entry runs below zero', () => {
    const scene = bankScene()
    scene.learn()
    scene.write(thief, 900n)
    expect(told(scene.pay(thief, -100n, put))).toEqual([
      `high: bank wrote down 7.99 % of its usd for ${thief.slice(0, 6)}…${thief.slice(-4)} beyond what came in`,
    ])
    scene.write(stranger, -500n)
    expect(told(scene.pay(stranger, 500n))).toEqual([expect.stringMatching(/^critical: bank wrote down more than all/)])
  })

  test('take a loan for explained by the debt that is written down for it, and still add it up', () => {
    const scene = bankScene()
    scene.learn()
    scene.write(ben, 2_400n, debts)
    expect(scene.pay(ben, 2_400n, other).claims).toEqual([])
    scene.write(ben, 700n, debts)
    expect(told(scene.pay(ben, 700n, other))).toEqual([
      expect.stringMatching(/^high: 31\.\d+ % of the usd of bank left within 5 minutes, and no entry of an account/),
    ])
  })

  test('measure it by what was held when the window began, though others have left since', () => {
    const scene = bankScene()
    scene.learn()
    scene.write(ana, 6_000n)
    scene.watch.see()
    expect(scene.deal(ana, 6_500n).claims).toEqual([])
    expect(scene.pay(stranger, 800n, other).claims).toEqual([])
    expect(scene.pay(stranger, 190n, other).claims).toEqual([])
    expect(told(scene.pay(stranger, 30n, other))).toEqual([
      expect.stringMatching(/^high: 10\.\d+ % of the usd of bank left within 1 hour, while what accounts are owed/),
    ])
  })

  test('say nothing of what one account hands to another, or an owner writes down for others', () => {
    const scene = bankScene()
    scene.write(carl, 1_000n)
    scene.learn()
    const pull = call('function pull(address from, uint256 amount)', [carl, 900n])
    scene.write(carl, -900n)
    scene.write(thief, 900n)
    expect(scene.watch.see({ transactions: [tx({ from: thief, to: bank, input: pull })] }).claims).toEqual([])
    scene.write(carl, 900n)
    expect(scene.watch.see({ transactions: [tx({ from: ana, to: bank, input: pull })] }).claims).toEqual([])
    scene.write(thief, 900n)
    expect(scene.watch.see({ transactions: [tx({ from: thief, to: bank, input: pull })] }).claims).toHaveLength(1)
  })

  test('are blind where entries or holdings cannot be read, and go on with the other', () => {
    const scene = bankScene()
    scene.learn()
    scene.world.down.add(entries)
    const seen = scene.pay(thief, 300n)
    expect(seen.blind).toEqual([`What stands under ${entries} could not be read: nobody answers`])
    expect(seen.claims).toEqual([])
    scene.world.down.clear()
    scene.world.down.add(usd)
    expect(scene.pay(thief, 300n).blind).toEqual([`What bank holds of ${usd} could not be read: nobody answers`])
  })

  test('bound what is asked in a block full of strangers, and believe no made-up token', () => {
    const scene = bankScene({ named: false })
    scene.learn()
    const crowd = Array.from({ length: 40 }, (_, index) => account(0x9000 + index))
    const logs = crowd.map((who) => moved(bank, who, 5_000n, account(0x777)))
    const seen = scene.watch.see({ transactions: crowd.map((from) => tx({ from, to: bank, input: out, logs })) })
    expect(seen.claims).toEqual([])
    expect(seen.reads.length).toBeLessThan(1_000)
  })

  test('refuse what is no selector', () => {
    expect(accountEntries.options.safeParse({ entries: ['balances'] }).success).toBe(false)
    expect(accountEntries.options.safeParse({ entries: [] }).success).toBe(false)
  })
})

import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address } from '../../model/chain.ts'
import { accountEntries } from './accountEntries.ts'

const [bank, usd, ana, ben, thief, stranger] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66].map((n) => account(n * 0x101)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** An address, where `account` gives what could as well be a small number. */
const carl = `0x${'4c'.repeat(20)}` as Address
const [entries, debts] = ['0x27e235e3', '0x8f8f8f8f'] as const
const put = call('function put(uint256 amount)', [1n])
const out = call('function out(uint256 amount)', [1n])
const other = call('function pay(uint256 amount)', [1n])

const moved = (from: Address, to: Address, value: bigint, token = usd): SomeLog =>
  transferLog(token, { from, to, value })

/** A bank of 10,000 units of which 1,000 are written down for each of four, and nothing for anybody else. */
function bankScene({ options = {}, named = true }: { options?: object; named?: boolean } = {}) {
  const world = new World()
  const held = new Map<string, bigint>([[usd, 10_000n]])
  const written = new Map<string, bigint>()
  const write = (who: Address, by: bigint, selector: string = entries) => {
    const key = `${selector} ${who}`
    const next = BigInt.asUintN(256, (written.get(key) ?? 0n) + by)
    written.set(key, next)
    world.set(`call ${bank} ${selector}${word(who).slice(2)}`, next)
  }
  for (const who of [ana, ben, thief, stranger]) for (const selector of [entries, debts]) write(who, 0n, selector)
  for (const who of [ana, ben, thief]) write(who, 1_000n)
  world.holds(usd, bank, 10_000n)
  world.settle()
  const watch = scene(accountEntries, [contract('bank', bank)], {
    world,
    options: { entries: [entries, debts], ...options },
    names: named ? [contract('usd', usd, { kind: 'erc20', role: 'dependency' })] : [],
  })
  const pay = (who: Address, amount: bigint, input = out, rest: Partial<SomeTransaction> = {}) => {
    held.set(usd, held.get(usd)! - amount)
    world.holds(usd, bank, held.get(usd)!)
    const logs = [amount > 0n ? moved(bank, who, amount) : moved(who, bank, -amount)]
    return watch.see({ transactions: [tx({ from: who, to: bank, input, logs, ...rest })] })
  }
  const deal = (who: Address, amount: bigint) => {
    write(who, -amount)
    return pay(who, amount, amount > 0n ? out : put)
  }
  return {
    ...{ world, watch, write, pay, deal },
    /** What shows which getter is its books. */
    learn() {
      for (const [who, amount] of [
        [ana, -40n],
        [ana, 30n],
        [ben, -20n],
        [ben, 25n],
      ] as const)
        expect(deal(who, amount)).toMatchObject({ claims: [], blind: [] })
    },
  }
}
const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? accountEntries.severity}: ${title}`)

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

  test('add up what is paid otherwise, against lower caps once the entries are known', () => {
    const scene = bankScene()
    expect(scene.pay(stranger, 1_100n, other).claims).toEqual([])
    const learned = bankScene()
    learned.learn()
    expect(learned.pay(stranger, 990n, other).claims).toEqual([])
    expect(told(learned.pay(stranger, 30n, other))).toEqual([
      expect.stringMatching(/^high: 10\.\d+ % of the usd of bank left within 1 hour, while what accounts are owed/),
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

  test('do not forget the entries where rewards are paid on top, unless that is a quarter', () => {
    const leave = call('function leave()')
    const rewarded = (fall: bigint) => {
      const scene = bankScene()
      scene.learn()
      for (let time = 0; time < 5; time++) {
        scene.write(ben, -fall)
        expect(scene.pay(ben, 100n, leave).claims).toEqual([])
      }
      scene.write(ana, 6_000n)
      scene.watch.see()
      return told(scene.deal(ana, 6_500n))
    }
    expect(rewarded(76n)).toEqual([])
    expect(rewarded(75n)[0]).toMatch(/^high: 6\d\.?\d* % of the usd of bank left in one block/)
  })

  test('count all that leaves until the entries are known', () => {
    expect(told(bankScene().deal(ana, 2_499n))).toEqual([])
    expect(told(bankScene().deal(ana, 2_500n))).toEqual([
      'high: 25 % of the usd of bank left in one block, and no entry of an account bears it',
    ])
  })

  test('take an entry for one that bears a payment exactly, once two others were seen to', () => {
    const young = (puts: number, odd = 0) => {
      const scene = bankScene()
      for (let time = 0; time < puts; time++) scene.deal(ben, -10n)
      for (let time = 0; time < odd; time++) {
        scene.write(ben, 30n)
        scene.pay(ben, -10n, put)
      }
      scene.write(ana, 6_000n)
      scene.watch.see()
      return scene
    }
    expect(young(2).deal(ana, 6_000n).claims).toEqual([])
    expect(told(young(1).deal(ana, 6_000n))[0]).toMatch(/^high: \d\d\.?\d* % of the usd of bank left in one block/)
    expect(young(3, 1).deal(ana, 6_000n).claims).not.toEqual([])
    const thieves = young(2)
    thieves.write(thief, -5_999n)
    expect(thieves.pay(thief, 6_000n).claims).not.toEqual([])
    expect(young(2).pay(stranger, 6_000n, other).claims).not.toEqual([])
  })

  test('take a reward for borne that grew by a hundredth until it was paid, and not by more', () => {
    const season = (least: bigint) => {
      const { write, pay } = bankScene()
      const claim = (who: Address, amount: bigint, fall: bigint) => {
        write(who, fall)
        write(who, -fall)
        return pay(who, amount)
      }
      // Each is read as owed a little less than is paid in the end.
      for (const [who, amount] of [
        [ana, 400n],
        [ben, 500n],
        [thief, 300n],
        [ana, 200n],
      ] as const) {
        write(who, (amount * least) / 100n)
        claim(who, 0n, 0n)
        write(who, (-amount * least) / 100n)
        pay(who, amount)
      }
      write(ben, 3_000n)
      claim(ben, 0n, 0n)
      write(ben, -3_000n)
      return told(pay(ben, 3_000n))
    }
    expect(season(99n)).toEqual([])
    expect(season(98n)).toContainEqual(expect.stringMatching(/^high: .* left in one block, and no entry/))
  })

  test('believe no getter that moves otherwise as often', () => {
    const scene = bankScene()
    for (const _ of [1, 2]) {
      scene.write(ana, 17n)
      scene.pay(ana, -5n, put)
    }
    scene.learn()
    expect(scene.pay(thief, 300n).claims).toEqual([])
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

function bankSceneAfter(amount: bigint) {
  const scene = bankScene({ options: { percent: 3 } })
  scene.learn()
  // The bank holds 10,005 by now.
  scene.deal(ben, 5n)
  return scene.pay(thief, amount).claims
}

describe('items of ERC-1155 against the entries of accounts', () => {
  const kept = '0x1a2b3c4d'
  const cards = `0x${'ca'.repeat(20)}` as Address
  const fetch = call('function fetch(uint256[] ids, uint256[] counts)', [[1n], [1n]])
  const bring = call('function bring(uint256[] ids, uint256[] counts)', [[1n], [1n]])
  const batch = (from: Address, to: Address, ids: readonly bigint[], values: readonly bigint[]): SomeLog =>
    event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      cards,
      { operator: bank, from, to, ids: [...ids], values: [...values] },
    )

  /** A box with a hundred of each of three cards. */
  function boxScene(options: object = {}, names = [contract('cards', cards, { role: 'dependency' })]) {
    const world = new World()
    const counts = new Map<string, bigint>()
    const add = (key: string, by: bigint) => {
      counts.set(key, (counts.get(key) ?? 0n) + by)
      world.set(key, counts.get(key)!)
    }
    const entry = (who: Address, id: bigint) => `call ${bank} ${kept}${word(who).slice(2)}${word(id).slice(2)}`
    const held = (id: bigint) => `call ${cards} 0x00fdd58e${word(bank).slice(2)}${word(id).slice(2)}`
    for (const id of [1n, 2n, 3n]) {
      add(held(id), 100n)
      for (const who of [ana, ben, thief]) add(entry(who, id), who === thief ? 5n : 40n)
    }
    world.settle()
    const watch = scene(accountEntries, [contract('box', bank)], {
      world,
      names,
      options: { items: [kept], ...options },
    })
    type Gives = readonly [id: bigint, count: bigint, borne: bigint][]
    const give = (who: Address, gives: Gives, input = fetch, more: SomeLog[] = []) => {
      for (const [id, count, borne] of gives) {
        add(held(id), -count)
        add(entry(who, id), -borne)
      }
      const [ids, values] = [gives.map(([id]) => id), gives.map(([, count]) => (count < 0n ? -count : count))]
      const logs = [input === fetch ? batch(bank, who, ids, values) : batch(who, bank, ids, values)]
      return watch.see({ transactions: [tx({ from: who, to: bank, input, logs: [...more, ...logs] })] })
    }
    return {
      ...{ world, watch, give },
      learn() {
        for (const who of [ana, ben])
          for (const count of [-3n, 2n])
            expect(give(who, [[1n, count, count]], count > 0n ? fetch : bring)).toMatchObject({ claims: [], blind: [] })
      },
    }
  }

  test('speak where items of several kinds go that nothing was written down for', () => {
    const { learn, give } = boxScene()
    learn()
    const seen = give(thief, [
      [1n, 1n, 1n],
      [2n, 30n, 0n],
      [3n, 30n, 0n],
    ])
    expect(told(seen)).toEqual([
      'critical: box gave or wrote down 19.86 % of 3 kinds of items of cards for 0x0000…5555 beyond what stood in the entries',
    ])
    expect(seen.claims[0]).toMatchObject({ address: bank, evidence: 'hard', facts: { excess: '60' } })
  })

  test('are silent where the owner fetches his, before the books are known, and below the limit', () => {
    const { learn, give } = boxScene({ percent: 20 })
    expect(give(thief, [[2n, 10n, 0n]]).claims).toEqual([])
    learn()
    const all: [bigint, bigint, bigint][] = [
      [1n, 30n, 30n],
      [2n, 40n, 40n],
    ]
    expect(give(ana, all).claims).toEqual([])
    expect(give(thief, [[3n, 19n, 0n]]).claims).toEqual([])
    expect(give(thief, [[3n, 17n, 0n]]).claims).toHaveLength(1)
  })

  test('speak of a quarter that nothing is known to bear, and not of an item less', () => {
    const [much, less] = [25n, 24n].map((count) => told(boxScene().give(thief, [[2n, count, 0n]])))
    expect(much).toEqual([
      'high: 25 % of a kind of items of cards left box in one block, and no entry of an account bears it',
    ])
    expect(less).toEqual([])
  })

  test('wake nobody where nobody named the collection, and are not hidden by another', () => {
    const [soft] = [boxScene({}, []).give(thief, [[2n, 25n, 0n]])]
    expect(soft.claims).toMatchObject([{ severity: 'medium', evidence: 'soft' }])
    const { learn, give } = boxScene()
    learn()
    const ids = Array.from({ length: 40 }, (_, id) => BigInt(id))
    const junk = event(
      'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
      stranger,
      { operator: thief, from: bank, to: thief, ids, values: ids.map(() => 10n ** 20n) },
    )
    expect(told(give(thief, [[2n, 30n, 0n]], fetch, [junk]))).toEqual([expect.stringMatching(/^critical: box gave/)])
  })

  test('are blind where nobody answers, or there are too many kinds', () => {
    const { learn, give, world } = boxScene()
    learn()
    const many = Array.from({ length: 13 }, (_, id): [bigint, bigint, bigint] => [BigInt(id + 10), 1n, 0n])
    expect(give(thief, many).blind).toEqual(['1 more kinds of items that box moved in one block were not judged.'])
    world.down.add(kept)
    expect(give(thief, [[2n, 1n, 0n]])).toMatchObject({
      claims: [],
      blind: [`What stands under ${kept} could not be read: nobody answers`],
    })
  })

  test('need a function to ask', () => {
    expect(accountEntries.options.safeParse({}).success).toBe(false)
    expect(accountEntries.options.safeParse({ items: [kept] }).success).toBe(true)
  })
})

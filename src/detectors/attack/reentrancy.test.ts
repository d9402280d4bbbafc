import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, event, type SomeLog, type SomeTransaction, tx } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { reentrancy } from './reentrancy.ts'

const [bank, shop, thief, evil, token, pool, code] = [0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7].map((n) =>
  account(n * 0x1111),
) as [Address, Address, Address, Address, Address, Address, Address]
const ether = 10n ** 18n
const [withdraw, deposit] = [call('function withdraw()'), call('function deposit()')]
const ours = [contract('bank', bank)]

const sent = (from: Address, to: Address, value: bigint, emitter = token): SomeLog =>
  transferLog(emitter, { from, to, value })
const pays = (to: Address, amount: bigint): SomeCall => ({
  from: bank,
  to: token,
  input: call('function transfer(address to, uint256 value)', [to, amount]),
})

const touched = event('event Touched()', bank)

type Play = { on?: Contract[]; names?: Contract[]; options?: object; world?: World; fell?: bigint }

/** The bank holds 100 ETH and 100 tokens before the block, and `fell` less of each after it. */
function play(
  transaction: Partial<SomeTransaction>,
  { on = ours, names = [], options, world = new World(), fell = 0n }: Play = {},
) {
  const held = (amount: bigint) => world.set(`balance ${bank}`, amount).holds(token, bank, amount)
  held(100n * ether)
  world.settle()
  held(100n * ether - fell)
  const watch = scene(reentrancy, on, { names, world, ...(options && { options }) })
  const logs = transaction.logs ?? [touched]
  const seen = watch.see({ transactions: [tx({ from: thief, to: evil, ...transaction, logs })] })
  return { ...seen, watch, findings: seen.claims.map(({ severity, evidence, title }) => [severity, evidence, title]) }
}

/** A withdrawal of one ether whose recipient does something with the call that brings it. */
const withdrawal = (...inside: SomeCall[]): SomeCall => ({
  to: bank,
  input: withdraw,
  calls: [{ to: evil, value: ether, calls: inside }],
})
const nested = (times: number): SomeCall => withdrawal(...(times > 1 ? [nested(times - 1)] : []))
const put: SomeCall = { to: bank, input: deposit, value: ether }

describe('re-entrancy', () => {
  test('speaks of a bank that pays the same money several times, with proof where its balance fell', () => {
    const { claims, blind } = play({ calls: [put, nested(11)] }, { fell: 10n * ether })
    expect(blind).toEqual([])
    expect(claims).toMatchObject([
      {
        key: 'reentrancy',
        severity: 'critical',
        evidence: 'hard',
        address: bank,
        title: '0x0000…4444 entered bank again while an earlier call of it was still open, and 10 ETH (10 %) was lost',
        facts: { caller: evil, sender: thief, kind: 'contract', times: 10, paidTwice: true, openFunction: withdraw },
      },
    ])
    expect(play({ calls: [put, nested(3)] }, { fell: 2n * ether }).findings).toMatchObject([
      ['high', 'hard', expect.any(String)],
    ])
  })

  test('sees a contract without events only where every transaction is traced', () => {
    const silent = { calls: [put, nested(11)], logs: [] }
    expect(play(silent, { fell: 10n * ether }).claims).toEqual([])
    expect(play(silent, { fell: 10n * ether, options: { traces: 'all' } }).claims).toMatchObject([
      { severity: 'critical' },
    ])
  })

  test('sees through a proxy, whose code is another contract', () => {
    const through = (inner: SomeCall[]): SomeCall => ({
      to: bank,
      input: withdraw,
      calls: [{ kind: 'delegatecall', to: code, input: withdraw, calls: [{ to: evil, value: ether, calls: inner }] }],
    })
    expect(play({ calls: [put, through([through([])])] }, { fell: ether }).claims).toMatchObject([
      { severity: 'high', facts: { times: 1 } },
    ])
  })

  test('speaks of another function that is entered while the first pays', () => {
    const move: SomeCall = { to: bank, input: call('function move(address to)', [thief]) }
    const logs = [sent(bank, evil, ether)]
    const calls: SomeCall[] = [put, withdrawal(move), withdrawal()]
    expect(play({ calls }, { fell: ether }).claims).toMatchObject([{ severity: 'high', evidence: 'hard' }])
    expect(play({ calls: [put, withdrawal(move)] }).findings).toEqual([
      ['medium', 'soft', '0x0000…4444 entered bank again while an earlier call of it was still open'],
    ])
    expect(play({ calls: [withdrawal(move)], logs }, { fell: ether }).claims).toMatchObject([{ severity: 'high' }])
  })

  test('speaks of a sibling that pays while the first stands open, through a hook of a token', () => {
    const names = [contract('shop', shop)]
    const hook = call('function tokensReceived(address, address, address, uint256, bytes, bytes)', [
      bank,
      bank,
      evil,
      1n,
      '0x',
      '0x',
    ])
    const calls: SomeCall[] = [
      {
        to: bank,
        input: withdraw,
        calls: [{ ...pays(evil, ether), calls: [{ to: evil, input: hook, calls: [{ to: shop, input: deposit }] }] }],
      },
    ]
    const logs = [sent(bank, evil, ether)]
    const on = [...ours, ...names]
    expect(play({ calls, logs }, { on, fell: ether }).claims).toMatchObject([
      {
        severity: 'high',
        facts: { kind: 'group', road: 'hook' },
        title: expect.stringMatching(/called shop while a call of bank was still open/),
      },
    ])
    expect(play({ calls, logs: [...logs, sent(evil, bank, ether)] }, { on }).claims).toEqual([])
  })

  test('pages nobody where a token that is sent works in a sibling, unless that pays or something else is lost', () => {
    const on = [...ours, contract('shop', shop)]
    const world = () => new World().holds(token, shop, 100n * ether)
    const note: SomeCall = { to: shop, input: call('function note(address from)', [bank]) }
    const paying: SomeCall = { ...note, calls: [{ ...pays(evil, ether), from: shop }] }
    const sends = (inner: SomeCall): SomeCall[] => [
      { to: bank, input: withdraw, calls: [{ ...pays(evil, ether), calls: [inner] }] },
    ]
    const gravest = (calls: SomeCall[], logs: SomeLog[]) =>
      play({ calls, logs }, { on, world: world(), fell: ether }).claims.map(({ severity }) => severity)
    const left = sent(bank, evil, ether)
    expect(gravest(sends(note), [left])).toEqual(['medium'])
    expect(gravest(sends(paying), [left, sent(shop, evil, ether)])).toEqual(['high'])
    const byOther = [{ to: evil, input: deposit, calls: [note] }]
    expect(gravest(sends({ to: evil, input: deposit, calls: byOther }), [left])).toEqual(['high'])
    const coins: SomeCall = { from: bank, to: evil, value: ether }
    const [first] = sends(note)
    expect(gravest([{ ...first!, calls: [...first!.calls!, coins] }], [left])).toEqual(['high'])
  })

  test('speaks of a sibling that pays while a token of the config tells of what the first paid, by whatever hook', () => {
    const on = [...ours, contract('shop', shop)]
    const names = [contract('token', token)]
    const told = call('function gotSome(uint256 amount)', [ether])
    const again: SomeCall = { to: shop, input: withdraw, calls: [{ ...pays(evil, ether), from: shop }] }
    const calls: SomeCall[] = [
      {
        to: bank,
        input: withdraw,
        calls: [{ ...pays(evil, ether), calls: [{ to: evil, input: told, calls: [again] }] }],
      },
    ]
    const world = new World().holds(token, shop, 100n * ether)
    const logs = [sent(bank, evil, ether), sent(shop, evil, ether)]
    expect(play({ calls, logs }, { on, names, world, fell: ether }).claims).toMatchObject([
      { severity: 'high', facts: { kind: 'group', road: 'open', paidTwice: true } },
    ])
  })

  test('speaks of a price that ours read in the middle of a change elsewhere, gravely where they lost by it', () => {
    const reads: SomeCall = { kind: 'staticcall', to: pool, input: call('function get_virtual_price()') }
    const calls: SomeCall[] = [
      {
        to: pool,
        input: withdraw,
        calls: [{ to: evil, value: ether, calls: [{ to: bank, input: deposit, calls: [reads, pays(evil, ether)] }] }],
      },
    ]
    expect(play({ calls }).findings).toEqual([
      ['medium', 'soft', 'bank read a price of 0x0000…6666 in the middle of a call, led there by 0x0000…4444'],
    ])
    expect(play({ calls, logs: [sent(bank, evil, 9n * ether)] }, { fell: 9n * ether }).claims).toMatchObject([
      { severity: 'critical', address: bank, facts: { kind: 'view' } },
    ])
    const after: SomeCall[] = [
      { to: pool, input: withdraw },
      { to: bank, input: deposit, calls: [reads] },
    ]
    expect(play({ calls: after }).claims).toEqual([])
  })
})

describe('re-entrancy is silent', () => {
  test('about a hook that deposits again what it got', () => {
    const onReceived = call('function onERC1155Received(address, address, uint256, uint256, bytes)', [
      bank,
      bank,
      1n,
      1n,
      '0x',
    ])
    const calls: SomeCall[] = [
      { to: bank, input: withdraw, calls: [{ to: evil, input: onReceived, calls: [{ to: bank, input: deposit }] }] },
    ]
    expect(play({ calls, logs: [sent(bank, evil, 5n), sent(evil, bank, 5n)] }).claims).toEqual([])
  })

  test('about a flash loan that is repaid, an arbitrage through its own pairs, and a loan used to leave', () => {
    const onLoan = call('function onFlashLoan(address, address, uint256, uint256, bytes)', [evil, token, 1n, 1n, '0x'])
    const loan = (...inside: SomeCall[]): SomeCall[] => [
      { to: bank, input: deposit, calls: [{ to: evil, input: onLoan, calls: inside }] },
    ]
    const repay: SomeCall = { to: bank, input: call('function repay()') }
    expect(play({ calls: loan(repay), logs: [sent(bank, evil, 100n), sent(evil, bank, 101n)] }).claims).toEqual([])
    // The pair gives 110, gets 105 of the same token back: what an arbitrage takes.
    const logs = [sent(bank, evil, 110n), sent(evil, bank, 105n)]
    expect(play({ calls: loan(repay), logs }, { fell: 5n }).claims).toEqual([])
    const drained = [sent(bank, evil, 1000n), sent(evil, bank, 1000n), sent(bank, evil, 1000n)]
    expect(play({ calls: loan(repay), logs: drained }, { fell: 1000n }).claims).toMatchObject([{ severity: 'high' }])
  })

  test('about calls to itself, calls through what is known, payments, executors, views and what failed', () => {
    const again: SomeCall = { to: bank, input: deposit }
    const silent: [SomeCall[], Play?][] = [
      [[{ to: bank, input: withdraw, calls: [{ kind: 'delegatecall', to: bank, input: withdraw, calls: [again] }] }]],
      [[{ to: bank, input: withdraw, calls: [again] }]],
      [[{ to: bank, input: withdraw, calls: [{ to: shop, calls: [again] }] }], { names: [contract('shop', shop)] }],
      [[{ to: bank, input: withdraw, calls: [{ to: shop, calls: [again] }] }], { options: { trusted: [shop] } }],
      [[{ to: bank, input: withdraw, calls: [{ to: shop, calls: [{ to: bank, value: 5n }] }] }]],
      [[{ to: bank, input: `0x6a761202${'0'.repeat(64)}` as Hex, calls: [{ to: shop, calls: [again] }] }]],
      [[withdrawal({ kind: 'staticcall', to: bank, input: call('function balanceOf(address)', [evil]) })]],
      [[{ ...nested(3), error: 'execution reverted' }]],
      [[put, withdrawal(), withdrawal(), put, withdrawal()]],
    ]
    for (const [calls, rest] of silent) expect(play({ calls }, { ...rest, fell: ether }).claims).toEqual([])
  })

  test('about outside code that one of ours uses and that works with another, as long as that is paid', () => {
    const both: Play = { on: [...ours, contract('shop', shop)], fell: ether }
    const swap = call('function swap(uint256)', [1n])
    const pulls = (holder: Address): SomeCall => ({
      to: token,
      input: call('function transferFrom(address from, address to, uint256 value)', [holder, pool, ether]),
    })
    /** A router of ours moves what somebody holds, and has outside code sell it in a pool of ours. */
    const route = (holder: Address, ...inShop: SomeCall[]): SomeCall[] => [
      {
        to: bank,
        input: deposit,
        calls: [pulls(holder), { to: pool, input: swap, calls: [{ to: shop, input: swap, calls: inShop }] }],
      },
    ]
    const out: SomeCall = { ...pays(evil, ether), from: shop }
    const verdict = (calls: SomeCall[], logs: SomeLog[]) =>
      play({ calls, logs }, both).claims.map(({ severity, facts }) => [severity, facts.road])
    const paid = [sent(shop, evil, ether), sent(evil, shop, ether, code)]
    both.world = new World().holds(code, shop, ether).holds(token, shop, ether)
    expect(verdict(route(thief, out), paid)).toEqual([])
    // The router hands on what it got before.
    expect(verdict(route(bank, out), [...paid, sent(bank, evil, ether)])).toEqual([])
    // Nothing was paid inside: what the router lost went its own way.
    expect(verdict(route(thief), [sent(bank, pool, ether)])).toEqual([])
    expect(verdict(route(thief, out), [sent(bank, evil, ether)])).toEqual([['high', 'used']])
  })

  test('about views that old code asks by plain calls', () => {
    const asks: SomeCall = { to: bank, input: call('function balanceOf(address)', [evil]) }
    expect(play({ calls: [withdrawal(asks)] }, { fell: ether }).claims).toEqual([])
  })

  describe('about whom ours called itself and who answers it', () => {
    const onMint = call('function uniswapV3MintCallback(uint256, uint256, bytes)', [1n, 1n, '0x'])
    const mint = call('function mint(address, int24, int24, uint128, bytes)', [bank, 1, 2, 1n, '0x'])
    const [move, tell] = [call('function move(address to)', [thief]), call('function tell(uint256)', [1n])]
    const onItem = call('function onERC721Received(address, address, uint256, bytes)', [pool, pool, 1n, '0x'])
    const lost: Play = { fell: 50n * ether }
    const logs = [sent(bank, pool, 50n * ether)]
    const verdict = (calls: SomeCall[], rest: Play = lost) =>
      play({ calls, logs }, rest).claims.map((each) => each.severity)
    const asked = (inner: SomeCall, input: Hex = mint): SomeCall => ({
      to: bank,
      input: withdraw,
      calls: [{ to: pool, input, calls: [inner] }],
    })

    test('a pool that asks for its pay, and not one made for it, nor what goes round by a stranger', () => {
      const pay: SomeCall = { to: bank, input: onMint, calls: [pays(pool, 50n * ether)] }
      expect(verdict([asked(pay)])).toEqual([])
      const behindProxy: SomeCall = { kind: 'delegatecall', to: code, input: mint, calls: [pay] }
      expect(verdict([asked(behindProxy)])).toEqual([])
      expect(verdict([{ kind: 'create', from: evil, to: pool, input: '0x60' }, asked(pay)])).toEqual(['critical'])
      expect(verdict([asked({ to: evil, calls: [pay] })])).toEqual(['critical'])
      // A pool that itself works in a manager calls back from within that.
      const managed: SomeCall = { to: shop, calls: [{ to: pool, calls: [pay] }] }
      expect(verdict([asked(managed)])).toEqual([])
      // Within the answer a stranger comes in: that is another matter.
      const worse: SomeCall = { to: bank, input: onMint, calls: [{ to: evil, value: 1n, calls: [withdrawal()] }] }
      expect(verdict([asked(worse)])).toEqual(['critical'])
    })

    test("a router by which a token sells its fees, and not one that takes what is another's or that was paid", () => {
      const take = (holder: Address): SomeCall => ({
        to: bank,
        input: call('function transferFrom(address from, address to, uint256 value)', [holder, pool, ether]),
      })
      const sell = call('function swap(uint256)', [1n])
      const selling = (inner: SomeCall, rest: Partial<SomeCall> = {}): SomeCall[] => [
        { ...take(thief), calls: [{ to: pool, input: sell, calls: [inner], ...rest }] },
      ]
      expect(verdict(selling(take(bank)))).toEqual([])
      expect(verdict(selling(take(evil)))).toEqual(['critical'])
      expect(verdict(selling(take(bank), { input: '0x', value: 1n }))).toEqual(['critical'])
      expect(verdict(selling({ to: evil, calls: [take(bank)] }))).toEqual(['critical'])
    })

    test('the code behind a proxy that hands calls on, as long as it only has it tell something', () => {
      const handed = (inner: SomeCall, input: Hex = withdraw) => verdict([asked(inner, input)])
      expect(handed({ to: bank, input: tell })).toEqual([])
      expect(handed({ to: bank, input: tell }, move)).toEqual(['critical'])
      expect(handed({ to: bank, input: withdraw })).toEqual(['critical'])
      expect(handed({ to: bank, input: move, calls: [pays(evil, ether)] })).toEqual(['critical'])
    })

    test('an item that ours bought and is told of, and not where it does something with the telling', () => {
      expect(verdict([asked({ to: bank, input: onItem })])).toEqual([])
      expect(verdict([asked({ to: bank, input: onItem, calls: [pays(evil, ether)] })])).toEqual(['critical'])
    })

    test('who is asked for leave and looks at who asks, also by code that it borrows', () => {
      const looks: SomeCall = { kind: 'staticcall', to: bank, input: call('function totalSupply()') }
      const leave = (inner: SomeCall): SomeCall => ({
        to: bank,
        input: withdraw,
        calls: [{ to: shop, calls: [{ kind: 'delegatecall', to: code, calls: [inner] }] }, pays(evil, ether)],
      })
      expect(verdict([leave(looks)])).toEqual([])
      const own = (reader: Address): SomeCall => ({
        ...{ from: reader, to: bank, input: withdraw },
        calls: [{ to: pool, calls: [{ to: shop, calls: [{ ...looks, from: shop }] }] }, pays(evil, ether)],
      })
      expect(verdict([{ to: shop, calls: [own(shop)] }])).toEqual([])
      expect(verdict([{ to: evil, calls: [own(evil)] }])).toEqual(['critical'])
      expect(verdict([leave({ to: evil, calls: [{ to: pool, calls: [looks] }] })])).toEqual(['critical'])
    })
  })

  test('about a router that is trusted with its code, and speaks of it with other code or after its time', () => {
    const again: SomeCall = { to: bank, input: withdraw }
    const calls = [put, { to: bank, input: withdraw, calls: [{ to: shop, value: ether, calls: [again] }] }]
    const saidOf = (entry: object) => play({ calls }, { options: { trusted: [{ who: shop, ...entry }] } })
    expect(saidOf({ code: keccak256('0x'), until: '9999-12-31' })).toMatchObject({ claims: [] })
    expect(saidOf({ code: keccak256('0x6001') }).claims).toMatchObject([{ severity: 'medium' }])
    expect(saidOf({ until: '2020-01-01' }).claims).toMatchObject([{ severity: 'medium' }])
  })

  test('the second time about a caller that took nothing, and never about one that takes', () => {
    const seen = play({ calls: [put, withdrawal(put)] })
    expect(seen.findings).toHaveLength(1)
    const again = (calls: SomeCall[]) =>
      seen.watch.see({ transactions: [tx({ from: thief, to: evil, calls, logs: [touched] })] }).claims
    expect(again([put, withdrawal(put)])).toEqual([])
    seen.watch.world.set(`balance ${bank}`, 99n * ether)
    expect(again([nested(2)])).toMatchObject([{ severity: 'high' }])
  })
})

describe('what was lost by re-entrancy', () => {
  const twice = [sent(bank, evil, ether), sent(bank, evil, ether)]
  const calls = [withdrawal(nested(1))].map((each) => ({
    ...each,
    calls: each.calls!.map((inner) => ({ ...inner, value: 0n })),
  }))
  const vault = {
    calls: [
      { ...calls[0]!, calls: [{ to: evil, input: '0x12345678' as Hex, calls: [{ to: bank, input: withdraw }] }] },
    ],
  }
  const burn = (shares: bigint) => sent(evil, account(0), shares, bank)

  test('is not what the burned shares were worth', () => {
    const world = () => new World().set(`call ${bank} 0x07a2d13a${word(2n * ether).slice(2)}`, 2n * ether)
    const fair = play({ ...vault, logs: [...twice, burn(ether), burn(ether)] }, { world: world(), fell: 2n * ether })
    expect(fair.claims).toMatchObject([{ severity: 'medium' }])
    const cheap = new World().set(`call ${bank} 0x07a2d13a${word(ether).slice(2)}`, ether)
    expect(play({ ...vault, logs: [...twice, burn(ether)] }, { world: cheap, fell: 2n * ether }).claims).toMatchObject([
      { severity: 'high', facts: { losses: [{ amount: ether.toString() }] } },
    ])
  })

  test('is everything where shares were burned less often than was paid, and no worth is told', () => {
    expect(play({ ...vault, logs: [...twice, burn(1n), burn(1n)] }, { fell: 2n * ether }).claims).toMatchObject([
      { severity: 'medium' },
    ])
    expect(play({ ...vault, logs: [...twice, burn(1n)] }, { fell: 2n * ether }).claims).toMatchObject([
      { severity: 'high' },
    ])
  })

  test('is nothing by the word of a token alone, and not hidden by a token made for it', () => {
    const fake = account(0xfa4e)
    expect(play({ ...vault, logs: [sent(bank, evil, 5n, fake)] }).claims).toMatchObject([{ severity: 'medium' }])
    expect(play({ ...vault, logs: [...twice, sent(evil, bank, 5n, fake)] }, { fell: 2n * ether }).claims).toMatchObject(
      [{ severity: 'high' }],
    )
  })

  test('is told as blindness where balances cannot be read, and the sign still speaks', () => {
    const world = new World()
    world.down.add('balance')
    const { blind, claims } = play({ calls: [put, nested(3)] }, { world, fell: 2n * ether })
    expect(blind[0]).toMatch(/A balance of native could not be read: nobody answers/)
    expect(claims).toMatchObject([{ severity: 'high', evidence: 'soft' }])
  })
})

test('without traces re-entrancy is only ever a sign, and says what it does not see', () => {
  const told = Array.from({ length: 3 }, () =>
    event('event Paid(address indexed to, uint256 amount)', bank, { to: evil, amount: ether }),
  )
  const logs = [...told, sent(bank, evil, 3n * ether)]
  const { claims, watch } = play({ logs }, { options: { traces: 'none' }, fell: 3n * ether })
  expect(claims).toMatchObject([{ severity: 'medium', facts: { kind: 'repeat', times: 3 } }])
  expect(watch.watch.notes?.[0]).toMatch(/Without call traces/)
  const paidBack = play({ logs: [...logs, sent(evil, bank, 3n * ether)] }, { options: { traces: 'none' } })
  expect(paidBack.claims).toEqual([])
})

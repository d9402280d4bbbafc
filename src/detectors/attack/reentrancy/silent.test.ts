import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  bank,
  code,
  deposit,
  ether,
  evil,
  nested,
  ours,
  type Play,
  pays,
  play,
  pool,
  put,
  sent,
  shop,
  thief,
  token,
  touched,
  withdraw,
  withdrawal,
} from '../../../../test/harness/detectors/reentrancyScene.ts'
import { call, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../../test/harness/node/someCall.ts'
import { contract, World } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'

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

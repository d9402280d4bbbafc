import { describe, expect, test } from 'vitest'
import {
  bank,
  code,
  deposit,
  ether,
  evil,
  nested,
  ours,
  pays,
  play,
  pool,
  put,
  sent,
  shop,
  thief,
  token,
  withdraw,
  withdrawal,
} from '../../../test/harness/detectors/reentrancyScene.ts'
import { account, call, event, type SomeLog } from '../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../test/harness/node/someCall.ts'
import { contract, World, word } from '../../../test/harness/scene.ts'
import type { Hex } from '../../model/chain.ts'

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

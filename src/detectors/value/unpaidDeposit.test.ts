import { describe, expect, test } from 'vitest'
import { account, call, event, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { unpaidDeposit } from './unpaidDeposit.ts'

const [bridge, dollar, ana, thief, junk, vault] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const none = account(0)
const put = (amount: bigint): Hex => call('function put(uint256 amount)', [amount])
const restake = (amount: bigint): Hex => call('function restake(uint256 amount)', [amount])

type Deposit = { from?: Address; paid?: bigint; to?: Address; input?: Hex; beside?: ReturnType<typeof transferLog>[] }

function watching({ options = {}, names = [contract('dollar', dollar)] } = {}) {
  const world = new World().holds(dollar, bridge, 100_000n).holds(dollar, vault, 50_000n).settle()
  const watch = scene(unpaidDeposit, [contract('bridge', bridge)], {
    ...{ world, names },
    options: { traces: 'none', ...options },
  })
  const deposit = (amount: bigint, rest: Deposit = {}) => {
    const { from = ana, paid = amount, to = bridge, input = put(amount), beside = [] } = rest
    const told = event('event Put(address indexed who, uint256 amount)', bridge, { who: from, amount })
    const logs = [...(paid > 0n ? [transferLog(dollar, { from, to, value: paid })] : []), ...beside, told]
    return watch.see({ transactions: [tx({ from, to: bridge, input, logs })] })
  }
  return {
    ...watch,
    world,
    deposit,
    tells: (amount: bigint, rest: Deposit = {}) =>
      deposit(amount, rest).claims.map(({ severity, address }) => [severity ?? unpaidDeposit.severity, address]),
    learn(to = bridge) {
      for (const amount of [500n, 700n, 20n]) expect(deposit(amount, { to }).claims).toEqual([])
    },
  }
}
const page = [['high', bridge]]

describe('an event that tells of what somebody gave', () => {
  const learned = (options: object = {}) => {
    const watch = watching({ options })
    watch.learn()
    return watch
  }

  test('pages where nobody gave it, from one percent of what is held on', () => {
    expect(learned().tells(1_000n, { from: thief, paid: 0n })).toEqual(page)
    expect(learned().tells(999n, { from: thief, paid: 0n })).toEqual([])
    expect(learned().tells(10_000n, { from: thief, paid: 5n })).toEqual([['critical', bridge]])
    expect(learned().tells((1n << 128n) + 5n, { from: thief, paid: 5n })).toEqual([['critical', bridge]])
    expect(learned({ percent: 5 }).tells(4_999n, { from: thief, paid: 0n })).toEqual([])
  })

  test('is believed where it was paid, also in parts, less a fee, or past the contract', () => {
    expect(learned().tells(90_000n)).toEqual([])
    const part = transferLog(dollar, { from: ana, to: bridge, value: 30_000n })
    expect(learned().tells(90_000n, { paid: 60_000n, beside: [part] })).toEqual([])
    expect(learned().tells(90_000n, { paid: 45_000n })).toEqual([])
    expect(learned().tells(90_000n, { to: vault })).toEqual([])
  })

  test('is not believed for a token of the thief that tells of a transfer', () => {
    const own = transferLog(junk, { from: thief, to: bridge, value: 2_000n })
    expect(learned().tells(2_000n, { from: thief, paid: 0n, beside: [own] })).toEqual(page)
  })

  test('is not believed for shares that are made for it', () => {
    const share = (value: bigint) => [transferLog(junk, { from: none, to: ana, value })]
    const watch = watching({ names: [contract('dollar', dollar), contract('share', junk)] })
    for (const amount of [500n, 700n, 20n]) watch.deposit(amount, { beside: share(amount) })
    expect(watch.tells(2_000n, { paid: 0n, beside: share(2_000n) })).toEqual(page)
  })

  test('counts against what its first payments went to: nobody makes himself the measure', () => {
    const watch = learned()
    for (let n = 1n; n < 7n; n++) watch.deposit(1n, { from: thief, to: account(0x7000 + Number(n)) })
    expect(watch.tells(2_000n, { from: thief, paid: 0n })).toEqual(page)
  })

  test('says nothing before three payments, by another function, or once it was told otherwise', () => {
    const early = watching()
    for (const amount of [500n, 700n]) early.deposit(amount)
    expect(early.tells(2_000n, { paid: 0n })).toEqual([])
    expect(learned().tells(2_000n, { paid: 0n, input: restake(2_000n) })).toEqual([])
    const partly = learned()
    partly.deposit(600n, { paid: 400n })
    expect(partly.tells(2_000n, { paid: 0n })).toEqual([])
  })

  test('says nothing of nothing, and is no news after eight times', () => {
    expect(learned().tells(0n, { paid: 0n })).toEqual([])
    const watch = learned()
    for (let n = 0; n < 8; n++) expect(watch.tells(2_000n, { paid: 0n })).toEqual(page)
    expect(watch.tells(2_000n, { paid: 0n })).toEqual([['medium', bridge]])
    expect(watch.tells(2_000n, { paid: 0n })).toEqual([])
  })
})

test('what is burned counts against the supply, and a balance that nobody can read is said', () => {
  const burned = watching()
  burned.world.set(`call ${dollar} 0x18160ddd`, 10_000n).settle()
  burned.learn(none)
  expect(burned.tells(100n, { paid: 0n })).toEqual(page)
  const dark = watching()
  dark.learn()
  dark.world.down.add('0x70a08231')
  expect(dark.deposit(2_000n, { paid: 0n })).toMatchObject({
    claims: [],
    blind: ['What a deposit would be of could not be read: nobody answers'],
  })
})

test('events that are cut short are no numbers', () => {
  const watch = watching()
  watch.learn()
  const log = {
    ...event('event Put(address indexed who, uint256 amount)', bridge, { who: thief, amount: 5n }),
    data: '0x01' as Hex,
  }
  expect(watch.see({ transactions: [tx({ from: thief, to: bridge, input: put(5n), logs: [log] })] }).claims).toEqual([])
})

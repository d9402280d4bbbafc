import { describe, expect, test } from 'vitest'
import { account, call, type SomeLog, tx } from '../../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { reentrancy } from '../reentrancy.ts'

const [bank, user, mover, dollar, gold, debt] = [1, 2, 3, 4, 5, 6].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
  Address,
]
const nobody = account(0)
const transfer = (to: Address, amount: bigint) => call('function transfer(address to, uint256 value)', [to, amount])
const fetch = (from: Address, to: Address, amount: bigint) =>
  call('function transferFrom(address from, address to, uint256 value)', [from, to, amount])
const make = call('function mint(address user, uint256 amount)', [mover, 10n])

type Loan = {
  /** Who calls for the token of the debtors, and how much of it is made. */
  by?: Address
  made?: bigint
  destroyed?: bigint
  pledged?: bigint
  back?: bigint
  /** Paid out by the second call. */
  second?: bigint
  own?: Address[]
}

/** A bank of 1,000 dollars and 1,000 gold lends 100 for a moment, and meanwhile 100 against what was bought for them. */
function borrowed({
  by = bank,
  made = 100n,
  destroyed = 0n,
  pledged = 60n,
  back = 100n,
  second = 100n,
  own = [],
}: Loan) {
  const world = new World().holds(dollar, bank, 1_000n).holds(gold, bank, 1_000n).settle()
  world.holds(dollar, bank, 1_000n - second).holds(gold, bank, 1_000n + pledged)
  const on = [contract('bank', bank), ...own.map((each) => contract('debt', each))]
  const mint: SomeCall = { from: by, to: debt, input: make }
  const borrow: SomeCall = {
    ...{ from: mover, to: bank, input: call('function borrow(uint256 amount)', [second]) },
    calls: [...(by === bank ? [mint] : []), { to: dollar, input: transfer(mover, second) }],
  }
  const pledge: SomeCall = {
    ...{ from: mover, to: bank, input: call('function pledge(uint256 amount)', [pledged]) },
    calls: pledged > 0n ? [{ to: gold, input: fetch(mover, bank, pledged) }] : [],
  }
  const operation = call('function executeOperation(address, uint256, uint256, address, bytes)', [
    dollar,
    100n,
    0n,
    user,
    '0x',
  ])
  const calls: SomeCall[] = [
    {
      ...{ to: bank, input: call('function flashLoanSimple()') },
      calls: [
        { to: dollar, input: transfer(mover, 100n) },
        { to: mover, input: operation, calls: [pledge, borrow, ...(by === bank ? [] : [mint])] },
        { to: dollar, input: fetch(mover, bank, back) },
      ],
    },
  ]
  const sent = (token: Address, from: Address, to: Address, value: bigint): SomeLog[] =>
    value > 0n ? [transferLog(token, { from, to, value })] : []
  const logs = [
    ...sent(dollar, bank, mover, 100n),
    ...sent(gold, mover, bank, pledged),
    ...sent(debt, nobody, mover, made),
    ...sent(debt, mover, nobody, destroyed),
    ...sent(dollar, bank, mover, second),
    ...sent(dollar, mover, bank, 100n),
  ]
  const watch = scene(reentrancy, on, { world })
  const { claims, blind } = watch.see({ transactions: [tx({ from: user, to: mover, calls, logs })] })
  expect(blind).toEqual([])
  return claims.map(({ severity }) => severity)
}

describe('who borrows within a flash loan', () => {
  test('has taken nothing where the loan came back, something was pledged and a debt is written down', () => {
    expect(borrowed({})).toEqual([])
    expect(borrowed({ made: 99n })).toEqual([])
    expect(borrowed({ made: 110n })).toEqual([])
  })

  test.each<[string, Loan]>([
    ['no debt is made', { made: 0n }],
    ['the debt is less than what was paid', { made: 98n }],
    ['what is made is too much for a debt', { made: 111n }],
    ['the debt is destroyed again', { destroyed: 50n }],
    ['the borrower makes the debt himself', { by: mover }],
    ['what is made is a claim on ours', { own: [debt] }],
    ['nothing is pledged', { pledged: 0n }],
    ['the loan does not come back whole', { back: 99n }],
    ['more is paid than is owed', { second: 300n }],
  ])('has taken it where %s', (_name, loan) => {
    expect(borrowed(loan)).toEqual(['critical'])
  })
})

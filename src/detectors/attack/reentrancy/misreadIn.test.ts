import type { Hex } from 'viem'
import { expect, test } from 'vitest'
import { account, call, event, tx } from '../../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { reentrancy } from '../reentrancy.ts'

const [lender, pool, thief, evil, dollar] = [0x1, 0x2, 0x3, 0x4, 0x5].map((n) => account(n * 0x1111)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
/** No standard knows it. */
const question = call('function whatIsItWorth(uint256 shares)', [7n])
const loan: SomeCall = { to: dollar, input: call('function transfer(address to, uint256 value)', [evil, 30n]) }

type Play = {
  told: Hex
  before?: bigint | null
  after?: bigint
  paid?: bigint
  /** Outside of the call that changes the pool. */
  later?: boolean
  isDown?: boolean
}

/** A lender of a thousand dollars asks a pool in the middle of a call what something is worth, and pays. */
function play({ told, before = 100n, after = 100n, paid = 30n, later = false, isDown = false }: Play) {
  const asked = `call ${pool} ${question}`
  const world = new World().set(asked, before).holds(dollar, lender, 1_000n).settle()
  world.set(asked, before === null ? null : after).holds(dollar, lender, 1_000n - paid)
  const borrow: SomeCall = {
    ...{ from: evil, to: lender, input: call('function borrow()') },
    calls: [{ kind: 'staticcall', to: pool, input: question, output: told }, loan],
  }
  const leave: SomeCall = {
    ...{ to: pool, input: call('function leave()') },
    calls: [{ to: evil, value: 5n, calls: later ? [] : [borrow] }],
  }
  const logs = [
    event('event Borrowed()', lender),
    ...(paid > 0n ? [transferLog(dollar, { from: lender, to: evil, value: paid })] : []),
  ]
  if (isDown) world.down.add(question)
  const { claims, blind } = scene(reentrancy, [contract('lender', lender)], { world }).see({
    transactions: [tx({ from: thief, to: evil, logs, calls: later ? [leave, borrow] : [leave] })],
  })
  if (isDown) return blind
  return claims.map(({ severity, evidence, address, title }) => [severity, evidence, address, title])
}

test('an answer that is true at no other moment pages where something was paid, whatever was asked', () => {
  const title =
    'lender asked 0x0000…2222 in the middle of a call, led there by 0x0000…4444, was told 111 % of what is true before it, and 30 base units of 0x0000…5555 (3 %) was paid'
  expect(play({ told: word(111n) })).toEqual([['high', 'hard', lender, title]])
  expect(play({ told: word(89n) })).toMatchObject([['high', 'hard', lender, expect.stringContaining('was told 89 %')]])
  expect(play({ told: word(111n), paid: 50n })).toMatchObject([['critical', 'hard', lender, expect.any(String)]])
})

test('says nothing within the limit, of what stays so, of what was not asked in between, nor where nothing was paid', () => {
  expect(play({ told: word(110n) })).toEqual([])
  expect(play({ told: word(90n) })).toEqual([])
  expect(play({ told: word(200n), after: 195n })).toEqual([])
  expect(play({ told: word(200n), later: true })).toEqual([])
  expect(play({ told: word(200n), paid: 0n })).toEqual([])
})

test('says what it cannot see, and believes no answer that is missing, short, enormous, or was none before', () => {
  for (const told of ['0x', '0x12', `0x${'ff'.repeat(5_000)}`] as const) expect(play({ told })).toEqual([])
  expect(play({ told: word(200n), isDown: true })).toEqual([
    `What ${pool} answers outside of a call could not be read: nobody answers`,
  ])
  expect(play({ told: word(200n), before: null })).toEqual([])
  expect(play({ told: word(200n), before: 0n })).toEqual([])
})

import { expect, test } from 'vitest'
import { account, call, tx } from '../../../../test/harness/node/block.ts'
import type { SomeCall } from '../../../../test/harness/node/someCall.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { openPayment } from '../openPayment.ts'

const [bank, tool, owner, ana, dollar] = [1, 2, 3, 4, 5].map((n) => account(n * 0xc0ffee)) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]
const thieves = [6, 7, 8].map((n) => account(n * 0xc0ffee)) as [Address, Address, Address]
const pay = (to: Address, amount: bigint): Hex => call('function pay(address to, uint256 amount)', [to, amount])
const look: Hex = call('function balanceOf(address who)', [ana])
const send = (to: Address, amount: bigint): SomeCall => ({
  to: dollar,
  input: call('function transfer(address to, uint256 amount)', [to, amount]),
})

/** A bank whose only user is its owner, until anybody finds out that it pays whoever asks. */
function usedBank() {
  let held = 1_000_000n
  const world = new World().holds(dollar, bank, held).token(dollar, 'USD', 6).settle()
  world.simulated = (calls) => {
    const paid = calls.find(({ data }) => data.startsWith(pay(ana, 0n).slice(0, 10)))
    if (!paid) return undefined
    const to: Address = `0x${paid.data.slice(34, 74)}`
    return new World().holds(dollar, to, BigInt(`0x${paid.data.slice(74, 138)}`))
  }
  const watch = scene(openPayment, [contract('bank', bank)], { names: [contract('dollar', dollar)], world })
  const see = (amount: bigint, transaction: Parameters<typeof tx>[0]) => {
    held -= amount
    world.holds(dollar, bank, held)
    return watch.see({ transactions: [tx(transaction)] })
  }
  const asks = (from: Address, amount: bigint, noise: Parameters<typeof transferLog>[0][] = []) =>
    see(amount, {
      ...{ from, to: bank, input: pay(from, amount), calls: [send(from, amount)] },
      logs: [...noise, dollar].map((token) => transferLog(token, { from: bank, to: from, value: amount })),
    })
  const pages = ({ claims }: ReturnType<typeof see>) => claims.map(({ address }) => address)
  for (const _ of [1, 2, 3]) expect(pages(asks(owner, 5_000n))).toEqual([])
  return {
    ...{ world, asks, pages },
    /** Through a contract of his own, which calls the bank otherwise before and after. */
    asksAmong: (calls: readonly SomeCall[], from: Address, amount: bigint) =>
      see(amount, {
        ...{ from, to: tool, input: '0x12345678' },
        calls: [...calls, { to: bank, input: pay(from, amount), calls: [send(from, amount)] }, ...calls],
        logs: [transferLog(dollar, { from: bank, to: from, value: amount })],
      }),
  }
}

test('who asks for a little first, by several hands, does not make it the use of the function', () => {
  const { asks, pages } = usedBank()
  for (const from of thieves) expect(pages(asks(from, 100n))).toEqual([])
  expect(pages(asks(thieves[0], 400_000n))).toEqual([bank])
})

test('calls beside the one that pays, and long ones, hide nothing', () => {
  const long: SomeCall = { to: bank, input: `${look}${'ab'.repeat(10_000)}` }
  for (const calls of [Array.from({ length: 20 }, () => ({ to: bank, input: look })), [long]]) {
    const { asksAmong, pages } = usedBank()
    expect(pages(asksAmong(calls, thieves[0], 400_000n))).toEqual([bank])
  }
})

test('says so where a stranger is paid among more calls than can be made again', () => {
  const { asksAmong } = usedBank()
  const calls = Array.from({ length: 60 }, () => ({ to: bank, input: look }))
  expect(asksAmong(calls, thieves[0], 400_000n)).toMatchObject({
    claims: [],
    blind: ['1 more payments in one block were not played again.'],
  })
})

test('tokens of a thief hide no payment, and page nobody by what they say of themselves', () => {
  const { asks, pages, world } = usedBank()
  const junk = Array.from({ length: 40 }, (_, n) => account(0xbad000 + n))
  expect(pages(asks(thieves[0], 400_000n, junk))).toEqual([bank])
  for (const token of junk) world.holds(token, bank, 1_000n)
  world.settle()
  for (const token of junk) world.holds(token, bank, 0n)
  world.simulated = () => Object.assign(new World(), { answer: () => ({ ok: true, data: `0x${'f'.repeat(64)}` }) })
  const lies = asks(thieves[1], 0n, junk)
  expect(lies).toMatchObject({ claims: [], blind: [] })
})

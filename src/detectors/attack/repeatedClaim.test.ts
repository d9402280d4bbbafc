import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { account, call, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import { repeatedClaim } from './repeatedClaim.ts'

/** Addresses as they are: no small numbers. */
const [drop, thief, ana, ben, cat, dollar, other] = [1, 2, 3, 4, 5, 6, 7].map(
  (n) => `0x${`${n}c0ffee`.repeat(6).slice(0, 40)}`,
) as [Address, Address, Address, Address, Address, Address, Address]
const none = account(0)
const proofOf = (name: string): Hex[] => [keccak256(toHex(name)), keccak256(toHex(`${name} beside`))]
const claim = (index: number, to: Address, amount: bigint, proof = proofOf(`${index}`)): Hex =>
  call('function claim(uint256 index, address to, uint256 amount, bytes32[] proof)', [index, to, amount, proof])
const close = (id: number, to = thief): Hex => call('function close(uint256 id, address to)', [id, to])

const sends = (to: Address, amount: bigint) => ({
  to: dollar,
  input: call('function transfer(address to, uint256 value)', [to, amount]),
})

type Given = { to?: Address; amount: bigint; logs?: ReturnType<typeof transferLog>[] }

/** A contract that pays out of a thousand dollars. */
function watching(options: object = {}) {
  const world = new World().holds(dollar, drop, 100_000n).settle()
  const watch = scene(repeatedClaim, [contract('drop', drop)], { options: { traces: 'none', ...options }, world })
  let held = 100_000n
  return {
    ...watch,
    world,
    pays(input: Hex, { to = thief, amount, logs = [] }: Given) {
      held -= amount
      world.holds(dollar, drop, held)
      const paid = transferLog(dollar, { from: drop, to, value: amount })
      const { claims } = watch.see({
        transactions: [tx({ from: to, to: drop, input, logs: [...logs, paid], calls: [sends(to, amount)] })],
      })
      return claims.map(({ severity, evidence, address }) => [severity ?? repeatedClaim.severity, evidence, address])
    },
    /** So many seconds pass until the block after next. */
    waits(seconds: number) {
      watch.see({ timestamp: watch.see().block.timestamp + seconds - 24 })
    },
  }
}
const page = [['high', 'hard', drop]]

describe('a proof', () => {
  const learned = (options?: object) => {
    const watch = watching(options)
    watch.pays(claim(1, ana, 100n), { to: ana, amount: 100n })
    watch.pays(claim(2, ben, 170n), { to: ben, amount: 170n })
    return watch
  }

  test('pages when it is paid a second time, also later and to somebody else', () => {
    const { pays } = learned()
    expect(pays(claim(3, thief, 90n), { amount: 90n })).toEqual([])
    expect(pays(claim(3, thief, 90n), { amount: 90n })).toEqual(page)
    expect(pays(claim(3, cat, 90n), { to: cat, amount: 90n })).toEqual(page)
    expect(pays(claim(4, thief, 90n), { amount: 90n })).toEqual([])
  })

  test('pages also under another number, as the same path leads to no other leaf, and not where it is paid another sum', () => {
    const again = (index: number, amount: bigint, proof = proofOf('3')) => {
      const { pays } = learned()
      pays(claim(3, thief, 90n), { amount: 90n })
      return pays(claim(index, thief, amount, proof), { amount })
    }
    expect(again(77, 90n)).toEqual(page)
    expect(again(77, 91n)).toEqual([])
    expect(again(77, 90n, proofOf('77'))).toEqual([])
  })

  test('pages also where words are written behind it, which no function reads and which teach nothing', () => {
    const { pays } = learned()
    const more = (input: Hex, ...words: string[]): Hex => `${input}${words.join('')}`
    const [small, hashed] = ['5'.padStart(64, '0'), keccak256(toHex('beside')).slice(2)]
    const own = claim(3, thief, 90n)
    expect(pays(more(own, hashed), { amount: 90n })).toEqual([])
    expect(pays(more(own, small), { amount: 90n })).toEqual(page)
    expect(pays(more(own, hashed, hashed), { amount: 90n })).toEqual(page)
    expect(pays(own, { amount: 90n })).toEqual(page)
    expect(pays(claim(4, ana, 80n), { to: ana, amount: 80n })).toEqual([])
  })

  test('of one hash is an id, which another number may go with', () => {
    const { pays } = watching()
    const wage = (id: string, month: number): Hex =>
      call('function wage(bytes32 id, uint256 month)', [keccak256(toHex(id)), month])
    for (const id of ['a', 'b', 'c']) pays(wage(id, 1), { amount: 90n })
    for (const month of [2, 3]) expect(pays(wage('a', month), { amount: 90n })).toEqual([])
  })

  test('says nothing before two were paid once each, nor where a function pays the same one otherwise', () => {
    const early = watching()
    for (const _ of [1, 2]) expect(early.pays(claim(1, ana, 100n), { amount: 100n })).toEqual([])
    const partly = learned()
    expect(partly.pays(claim(1, ana, 100n), { amount: 40n })).toEqual([])
    for (const _ of [1, 2]) expect(partly.pays(claim(3, ben, 90n), { amount: 90n })).toEqual([])
  })

  test('says nothing of what is paid for, burned, refused or spared', () => {
    const watch = learned()
    const { pays } = watch
    pays(claim(3, thief, 90n), { amount: 90n })
    const burned = transferLog(other, { from: thief, to: none, value: 1n })
    expect(pays(claim(3, thief, 90n), { amount: 90n, logs: [burned] })).toEqual([])
    const refused = tx({ from: thief, to: drop, input: claim(3, thief, 90n), status: 'reverted' })
    expect(watch.see({ transactions: [refused] }).claims).toEqual([])
    const spared = learned({ except: [claim(1, ana, 1n).slice(0, 10)] })
    for (const _ of [1, 2]) expect(spared.pays(claim(3, thief, 90n), { amount: 90n })).toEqual([])
  })

  test('is none that was paid for, and pages where dust comes in or a token of his own is burned', () => {
    const { pays, world } = learned({ traces: 'touching' })
    pays(claim(3, thief, 90n), { amount: 90n })
    const burned = transferLog(other, { from: thief, to: none, value: 1n })
    expect(pays(claim(3, thief, 90n), { amount: 90n, logs: [burned] })).toEqual(page)
    const price = (value: bigint) => transferLog(other, { from: thief, to: drop, value })
    world.holds(other, drop, 1_000n).settle()
    world.holds(other, drop, 1_000n)
    expect(pays(claim(3, thief, 90n), { amount: 90n, logs: [price(0n)] })).toEqual(page)
    expect(pays(claim(3, thief, 90n), { amount: 90n, logs: [price(500n)] })).toEqual([])
  })

  test('is forgotten after so many days', () => {
    const { pays, waits } = learned({ days: 1 })
    pays(claim(3, thief, 90n), { amount: 90n })
    waits(86_401)
    expect(pays(claim(3, thief, 90n), { amount: 90n })).toEqual([])
  })
})

describe('a number', () => {
  const learned = (amounts: readonly bigint[] = [100n, 370n, 90n]) => {
    const watch = watching({ traces: 'touching' })
    for (const [id, amount] of amounts.entries()) watch.pays(close(id + 1, ana), { to: ana, amount })
    return watch
  }

  test('pages when it is paid again within a day, and is medium later', () => {
    for (const [seconds, severity] of [
      [86_399, 'high'],
      [86_400, 'medium'],
    ] as const) {
      const { pays, waits } = learned()
      expect(pays(close(9), { amount: 50n })).toEqual([])
      waits(seconds)
      expect(pays(close(9), { amount: 50n })).toEqual([[severity, 'hard', drop]])
    }
  })

  test('says nothing of three that were too few, of sizes, and of what names the sum', () => {
    const few = learned([100n, 370n])
    for (const _ of [1, 2]) expect(few.pays(close(2, ana), { amount: 370n })).toEqual([])
    const sizes = learned([100n, 200n, 300n])
    for (const _ of [1, 2]) expect(sizes.pays(close(9), { amount: 900n })).toEqual([])
    const sums = learned([1n, 2n, 3n])
    for (const _ of [1, 2]) expect(sums.pays(close(50), { amount: 50n })).toEqual([])
  })

  test('that is brought several times in one transaction is seen by its calls, each with what it paid', () => {
    for (const [ids, expected] of [
      [[8, 8, 8], 1],
      [[8, 9, 10], 0],
    ] as const) {
      const watch = learned()
      const transaction = tx({
        ...{ from: thief, to: other },
        logs: ids.map(() => transferLog(dollar, { from: drop, to: thief, value: 50n })),
        calls: ids.map((id) => ({
          ...{ from: other, to: drop, input: close(id) },
          calls: [sends(thief, 50n)],
        })),
      })
      watch.world.holds(dollar, drop, 100_000n - 560n - 150n)
      expect(watch.see({ transactions: [transaction] }).claims).toHaveLength(expected)
    }
  })
})

test('words that no standard wrote say nothing and break nothing', () => {
  const { pays } = watching()
  for (const input of ['0x', '0x12', '0x12345678', `0x12345678${'ff'.repeat(20_000)}`, `0x12345678${'0'.repeat(62)}`])
    for (const _ of [1, 2]) expect(pays(input as Hex, { amount: 10n })).toEqual([])
})

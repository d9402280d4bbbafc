import { describe, expect, test } from 'vitest'
import { call, tx } from '../../../test/harness/node/block.ts'
import { transferLog } from '../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../test/harness/scene.ts'
import type { Address, Hex } from '../../model/chain.ts'
import type { SimulatedCall } from '../../model/read.ts'
import { inPlaceOf } from './openPayment/trialBy.ts'
import { openPayment } from './openPayment.ts'

const [bank, thief, owner, ana, ben, dollar] = [1, 2, 3, 4, 5, 6].map(
  (n) => `0x${`${n}c0ffee`.repeat(6).slice(0, 40)}`,
) as [Address, Address, Address, Address, Address, Address]

const pay = (to: Address, amount: bigint): Hex => call('function pay(address to, uint256 amount)', [to, amount])
const ready = (who: Address): Hex => call('function setUp(address who)', [who])
const wordAt = (data: Hex, place: number): Hex => `0x${data.slice(10 + 64 * place, 74 + 64 * place)}`
const addressAt = (data: Hex, place: number): Address => `0x${wordAt(data, place).slice(26)}`

/** A bank that pays whoever may have it: by the caller, and what was called before. */
function watching(
  isOpen: (calls: readonly SimulatedCall[]) => boolean,
  { held = 1_000_000n, options = {} }: { held?: bigint; options?: object } = {},
) {
  const world = new World().holds(dollar, bank, held).token(dollar, 'USD', 6).settle()
  world.simulated = (calls) => {
    const last = calls.at(-1)!
    if (!isOpen(calls)) return undefined
    return new World().holds(dollar, addressAt(last.data, 0), BigInt(wordAt(last.data, 1)))
  }
  const watch = scene(openPayment, [contract('bank', bank)], { options: { traces: 'none', ...options }, world })
  let left = held
  const told = ({ claims }: ReturnType<typeof watch.see>) =>
    claims.map(({ severity, address }) => [severity ?? openPayment.severity, address])
  return {
    ...watch,
    pays(from: Address, amount: bigint, to = from) {
      left -= amount
      world.holds(dollar, bank, left)
      const logs = [transferLog(dollar, { from: bank, to, value: amount })]
      return told(watch.see({ transactions: [tx({ from, to: bank, input: pay(to, amount), logs })] }))
    },
    calls: (from: Address, input: Hex) => told(watch.see({ transactions: [tx({ from, to: bank, input })] })),
  }
}
const page = [['high', bank]]

describe('a function that asks nobody', () => {
  const used = (options: object = {}) => {
    const watch = watching(() => true, { options })
    for (const to of [ana, ben, ana]) expect(watch.pays(owner, 5_000n, to)).toEqual([])
    return watch
  }

  test('pages when somebody else than its only user is paid by it, from one percent on', () => {
    expect(used().pays(thief, 9_849n)).toEqual([])
    expect(used().pays(thief, 9_850n)).toEqual(page)
    expect(used().pays(thief, 150_000n)).toEqual([['critical', bank]])
    expect(used({ percent: 2 }).pays(thief, 15_000n)).toEqual([])
  })

  test('says nothing of its user, however large, nor where many use it', () => {
    expect(used().pays(owner, 900_000n, ana)).toEqual([])
    const many = watching(() => true)
    for (const from of [ana, ben, owner]) many.pays(from, 5_000n)
    expect(many.pays(thief, 20_000n)).toEqual([])
  })

  test('is not tried any more once it is known to pay many, of whom a block may hold any number', () => {
    const many = watching(() => true)
    for (const from of [ana, ben]) many.pays(from, 5_000n)
    const logs = [transferLog(dollar, { from: bank, to: ana, value: 1n })]
    const block = Array.from({ length: 30 }, () => tx({ from: ana, to: bank, input: pay(ana, 1n), logs }))
    expect(many.see({ transactions: block })).toMatchObject({ reads: [], blind: [] })
  })

  test('says of how many payments of a block it is blind', () => {
    const few = watching(() => false)
    const logs = [transferLog(dollar, { from: bank, to: ana, value: 1n })]
    const block = Array.from({ length: 30 }, () => tx({ from: ana, to: bank, input: pay(ana, 1n), logs }))
    expect(few.see({ transactions: block }).blind).toEqual(['6 more payments in one block were not played again.'])
  })

  test('pages at the first payment by a stranger where the contract has been used otherwise', () => {
    const watch = watching(() => true)
    for (let n = 0; n < 9; n++) watch.calls(ana, ready(ana))
    expect(watching(() => true).pays(thief, 20_000n)).toEqual([])
    watch.calls(ana, ready(ben))
    expect(watch.pays(thief, 20_000n)).toEqual(page)
    expect(watch.pays(thief, 21_000n)).toEqual(page)
  })

  test('is milder after four pages unless much is lost', () => {
    const watch = used()
    for (let n = 0; n < 4; n++) expect(watch.pays(thief, 20_000n)).toEqual(page)
    expect(watch.pays(thief, 20_000n)).toEqual([['medium', bank]])
    expect(watch.pays(thief, 200_000n)).toEqual([['critical', bank]])
  })
})

test('a function that refuses others is open to whoever made himself its owner before', () => {
  const watch = watching((calls) => calls.some(({ from, data }) => data === ready(from)))
  for (const _ of [1, 2]) expect(watch.pays(owner, 300_000n, ana)).toEqual([])
  expect(watch.calls(thief, ready(thief))).toEqual([])
  expect(watch.pays(thief, 20_000n)).toEqual(page)
})

test('nothing is said where a stranger gets nothing or less than half, or where nothing left', () => {
  expect(watching(() => false).pays(thief, 900_000n)).toEqual([])
  const watch = watching(() => true)
  for (let n = 0; n < 12; n++) watch.calls(ana, ready(ana))
  const half = watch.world
  half.simulated = (calls) => new World().holds(dollar, addressAt(calls.at(-1)!.data, 0), 10_000n)
  expect(watch.pays(thief, 20_001n)).toEqual([])
  expect(watch.pays(thief, 20_000n)).toEqual(page)
  const lying = transferLog(dollar, { from: bank, to: thief, value: 50_000n })
  const { claims } = watch.see({
    transactions: [tx({ from: thief, to: bank, input: pay(thief, 50_000n), logs: [lying] })],
  })
  expect(claims).toEqual([])
})

test('it says that it is blind where nobody simulates', () => {
  const watch = watching(() => true)
  watch.world.down.add('simulation')
  watch.world.holds(dollar, bank, 980_000n)
  const logs = [transferLog(dollar, { from: bank, to: thief, value: 20_000n })]
  const { blind } = watch.see({ transactions: [tx({ from: thief, to: bank, input: pay(thief, 20_000n), logs })] })
  expect(blind).toEqual(['Whether anybody could have had a payment could not be tried: nobody answers'])
})

describe('a token of ours', () => {
  const move = (amount: bigint): Hex =>
    call('function transferFrom(address from, address to, uint256 value)', [ana, thief, amount])
  const taken = (allowed: bigint, isOpen = true) => {
    const world = new World().holds(dollar, ana, 500n).token(dollar, 'USD', 6)
    world.set(`call ${dollar} 0xdd62ed3e${word(ana).slice(2)}${word(thief).slice(2)}`, allowed).settle()
    world.simulated = (calls) =>
      isOpen ? new World().holds(dollar, addressAt(calls.at(-1)!.data, 1), 400n) : undefined
    const watch = scene(openPayment, [contract('dollar', dollar)], { options: { traces: 'none' }, world })
    world.holds(dollar, ana, 100n)
    const logs = [transferLog(dollar, { from: ana, to: thief, value: 400n })]
    const { claims } = watch.see({ transactions: [tx({ from: thief, to: dollar, input: move(400n), logs })] })
    return claims.map(({ severity, address }) => [severity, address])
  }

  test('that lets anybody take what is another’s is critical at once', () => {
    expect(taken(0n)).toEqual([['critical', dollar]])
    expect(taken(399n)).toEqual([['critical', dollar]])
  })

  test('that lets anybody burn another’s shares, and have what stands behind them, is critical at once', () => {
    const burned = (allowed: bigint, isOpen = true) => {
      const world = new World().holds(bank, ana, 500n).holds(dollar, bank, 9_000n).token(bank, 'SHARE', 6)
      world.set(`call ${bank} 0xdd62ed3e${word(ana).slice(2)}${word(thief).slice(2)}`, allowed).settle()
      world.simulated = (calls) =>
        isOpen ? new World().holds(dollar, addressAt(calls.at(-1)!.data, 1), 400n) : undefined
      const watch = scene(openPayment, [contract('bank', bank)], { options: { traces: 'none' }, world })
      world.holds(bank, ana, 100n).holds(dollar, bank, 8_600n)
      const logs = [
        transferLog(bank, { from: ana, to: `0x${'0'.repeat(40)}`, value: 400n }),
        transferLog(dollar, { from: bank, to: thief, value: 400n }),
      ]
      const input = call('function withdraw(uint256 assets, address to, address owner)', [400n, thief, ana])
      const { claims } = watch.see({ transactions: [tx({ from: thief, to: bank, input, logs })] })
      return claims.map(({ severity, title }) => [severity, title.split(', who')[0]])
    }
    expect(burned(399n)).toEqual([['critical', expect.stringMatching(/let somebody take .* \(80 %\) from/)]])
    expect(burned(400n)).toEqual([])
    expect(burned(0n, false)).toEqual([])
  })

  test('is silent where it was allowed, or refuses others', () => {
    expect(taken(400n)).toEqual([])
    expect(taken(0n, false)).toEqual([])
  })
})

test('a token that anybody can have made pages where one who never dealt with it has some made', () => {
  const made = (from: Address, amount: bigint, { isPaid = false, isAsked = true } = {}) => {
    const world = new World().token(dollar, 'USD', 6).set(`call ${dollar} 0x18160ddd`, 100_000n).settle()
    world.simulated = ([own]) => (isAsked ? undefined : new World().holds(dollar, own!.from, amount))
    const watch = scene(openPayment, [contract('dollar', dollar)], { options: { traces: 'none' }, world })
    for (let n = 0; n < 10; n++) watch.see({ transactions: [tx({ from: ana, to: dollar, input: ready(ana) })] })
    world.set(`call ${dollar} 0x18160ddd`, 100_000n + amount)
    const none: Address = `0x${'0'.repeat(40)}`
    const price = isPaid ? [transferLog(bank, { from, to: dollar, value: 5n })] : []
    const logs = [transferLog(dollar, { from: none, to: from, value: amount }), ...price]
    const { claims } = watch.see({ transactions: [tx({ from, to: dollar, input: pay(from, amount), logs })] })
    return claims.map(({ severity, address }) => [severity ?? openPayment.severity, address])
  }
  expect(made(thief, 1_000n, { isAsked: false })).toEqual([['high', dollar]])
  expect(made(thief, 10_000n, { isAsked: false })).toEqual([['critical', dollar]])
  expect(made(thief, 999n, { isAsked: false })).toEqual([])
  expect(made(thief, 10_000n)).toEqual([])
  expect(made(ana, 10_000n, { isAsked: false })).toEqual([])
  expect(made(thief, 10_000n, { isAsked: false, isPaid: true })).toEqual([])
})

test('a stranger stands in the place of those who took part, at whole bytes only, also inside packed data', () => {
  const [digits, other] = [thief.slice(2), ana.slice(2)]
  expect(inPlaceOf(`0x11223344${digits}ab${digits}`, [thief], ana)).toBe(`0x11223344${other}ab${other}`)
  expect(inPlaceOf(`0x112233440${digits}0`, [thief], ana)).toBe(`0x112233440${digits}0`)
})

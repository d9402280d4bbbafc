import { describe, expect, test } from 'vitest'
import { call, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { openPayment } from '../openPayment.ts'

const [fund, thief, ana, ben, cat, dollar] = [1, 2, 3, 4, 5, 6].map(
  (n) => `0x${`${n}c0ffee`.repeat(6).slice(0, 40)}`,
) as [Address, Address, Address, Address, Address, Address]
const release = (plan: number): Hex => call('function release(uint256 plan)', [plan])
const plans: Hex = '0xb1620616'
const asked = (plan: number) => `call ${fund} ${plans}${word(plan).slice(2)}`

/** A fund that pays whoever asks what stands in a plan: three of Ana, two of Ben, one of Cat. */
function watching({ records = [plans] }: { records?: Hex[] } = {}) {
  const world = new World().holds(dollar, fund, 100_000n).token(dollar, 'USD', 6)
  for (const [plan, who] of [ana, ana, ana, ben, ben, cat].entries())
    world.set(asked(plan), `${word(9_000n)}${word(who).slice(2)}` as Hex)
  world.settle()
  world.simulated = ([own]) => new World().holds(dollar, own!.from, 100_000n)
  const watch = scene(openPayment, [contract('fund', fund)], { options: { traces: 'none', records }, world })
  let left = 100_000n
  return {
    ...watch,
    world,
    pays(plan: number, from: Address, { amount = 2_000n, to = from }: { amount?: bigint; to?: Address } = {}) {
      left -= amount
      world.holds(dollar, fund, left)
      const logs = [transferLog(dollar, { from: fund, to, value: amount })]
      const seen = watch.see({ transactions: [tx({ from, to: fund, input: release(plan), logs })] })
      return seen.claims.map(({ severity, facts }) => [severity ?? openPayment.severity, facts?.writtenFor])
    },
  }
}
function used(options?: { records?: Hex[] }) {
  const watch = watching(options)
  for (const [plan, who] of [
    [0, ana],
    [3, ben],
    [1, ana],
  ] as const)
    expect(watch.pays(plan, who)).toEqual([])
  return watch
}

describe('a function that pays whoever asks', () => {
  test('pages where the contract has written down another, once it always named who was paid', () => {
    const watch = used()
    expect(watch.pays(4, ben)).toEqual([])
    expect(watch.pays(5, thief)).toEqual([['high', cat]])
    expect(used().pays(2, thief, { amount: 10_000n })).toEqual([['critical', ana]])
    expect(used({ records: [] }).pays(5, thief)).toEqual([])
  })

  test('is silent where the one who is named asks for another or is paid by another, or bought it just now', () => {
    expect(used().pays(5, cat, { to: thief })).toEqual([])
    expect(used().pays(5, thief, { to: cat })).toEqual([])
    const watch = used()
    watch.world.set(asked(5), `${word(9_000n)}${word(thief).slice(2)}` as Hex)
    expect(watch.pays(5, thief)).toEqual([])
  })

  test('is not understood before three were paid, nor where the records named one person only', () => {
    const few = watching()
    for (const [plan, who] of [
      [0, ana],
      [3, ben],
    ] as const)
      few.pays(plan, who)
    expect(few.pays(5, thief)).toEqual([])
    const one = watching()
    for (const from of [ana, ben, ana]) one.pays(0, from, { to: ana })
    expect(one.pays(2, thief)).toEqual([])
  })

  test('is no longer asked where it paid somebody else from the start', () => {
    const watch = watching()
    for (const who of [thief, ana, ben]) expect(watch.pays(5, who)).toEqual([])
    const logs = [transferLog(dollar, { from: fund, to: thief, value: 1n })]
    expect(watch.see({ transactions: [tx({ from: thief, to: fund, input: release(5), logs })] }).reads).toEqual([])
  })

  test('is not forgotten for a little that a thief takes first, nor where nobody answers meanwhile', () => {
    const watch = used()
    for (const _ of [1, 2, 3]) expect(watch.pays(5, thief, { amount: 10n })).toEqual([])
    watch.world.down.add(plans)
    expect(watch.pays(5, thief)).toEqual([])
    watch.world.down.delete(plans)
    expect(watch.pays(5, thief)).toEqual([['high', cat]])
  })
})

import { describe, expect, test } from 'vitest'
import { account, call, type SomeTransaction, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import { accountEntries } from '../accountEntries.ts'

const accounts = [0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f].map((n) => `0x${n.toString(16).repeat(20)}`)
const [bank, usd, gold, ana, ben, thief] = accounts as [Address, Address, Address, Address, Address, Address]
const clerk = account(0x77_0001)
const [entries, debts] = ['0x27e235e3', '0x8f8f8f8f'] as const
const short = (who: Address) => `${who.slice(0, 6)}…${who.slice(-4)}`
const takeFrom = (who: Address, amount: bigint, rest: Hex = '0x'): Hex =>
  `${call('function takeFrom(address who, uint256 amount)', [who, amount])}${rest.slice(2)}` as Hex

/** A bank of 10,000 dollars, some of which are written down for two; use has shown which getter is its books. */
function bankScene(options: object = {}) {
  const world = new World()
  const held = new Map([
    [usd, 10_000n],
    [gold, 500n],
  ])
  const written = new Map<string, bigint>()
  const write = (who: Address, by: bigint, selector: string = entries) => {
    const next = (written.get(selector + who) ?? 0n) + by
    written.set(selector + who, next)
    world.set(`call ${bank} ${selector}${word(who).slice(2)}`, next)
  }
  for (const who of [ana, ben, thief, clerk]) for (const selector of [entries, debts]) write(who, 0n, selector)
  for (const who of [ana, ben]) write(who, 1_000n)
  for (const [token, amount] of held) world.holds(token, bank, amount)
  world.settle()
  const names = [usd, gold].map((token, index) => contract(['usd', 'gold'][index]!, token, { role: 'dependency' }))
  const watch = scene(accountEntries, [contract('bank', bank)], {
    world,
    options: { entries: [entries, debts], ...options },
    names,
  })
  const move = (from: Address, to: Address, amount: bigint, token = usd) => {
    for (const [who, sign] of [
      [from, -1n],
      [to, 1n],
    ] as const) {
      if (who !== bank) continue
      held.set(token, held.get(token)! + sign * amount)
      world.holds(token, bank, held.get(token)!)
    }
    return transferLog(token, { from, to, value: amount })
  }
  const play = (sender: Address, logs: ReturnType<typeof move>[], rest: Partial<SomeTransaction>) =>
    watch.see({ transactions: [tx({ from: sender, to: bank, logs, ...rest })] })
  for (const who of [ana, ben, ana, ben]) {
    write(who, -10n)
    play(who, [move(bank, who, 10n)], { input: call('function out(uint256 amount)', [10n]) })
  }
  /** Somebody has the bank pay out what stands in the entry of another. */
  const take = (from: Address, amount: bigint, { by = thief, to = by, ...rest }: Partial<TakeOptions> = {}) => {
    write(from, -amount)
    const logs = [move(bank, to, amount), ...(rest.also?.(move) ?? [])]
    return play(by, logs, { input: takeFrom(from, amount), ...rest.transaction })
  }
  return { write, take }
}
type TakeOptions = {
  by: Address
  to: Address
  also(
    move: (from: Address, to: Address, amount: bigint, token?: Address) => ReturnType<typeof transferLog>,
  ): ReturnType<typeof transferLog>[]
  transaction: Partial<SomeTransaction>
}
const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity}: ${title}`)

describe('payments out of the entry of somebody who did nothing', () => {
  test('page, and name whose it was and who has it', () => {
    const { take } = bankScene()
    const seen = take(ana, 900n)
    expect(told(seen)).toEqual([
      `high: bank paid 9.03 % of its usd to ${short(thief)} out of the entry of ${short(ana)}, who neither called it nor signed`,
    ])
    expect(seen.claims[0]).toMatchObject({ address: bank, evidence: 'hard', facts: { from: ana, amount: '900' } })
    expect(told(bankScene({ criticalPercent: 9 }).take(ana, 900n))[0]).toMatch(/^critical/)
  })

  test('page from half of the entry on and from the limit, and not a unit below', () => {
    expect(bankScene().take(ana, 490n).claims).toHaveLength(1)
    expect(bankScene().take(ana, 489n).claims).toEqual([])
    expect(bankScene({ percent: 9 }).take(ana, 900n).claims).toHaveLength(1)
    expect(bankScene({ percent: 9 }).take(ana, 897n).claims).toHaveLength(1)
    expect(bankScene({ percent: 9 }).take(ana, 896n).claims).toEqual([])
  })

  test('are none where the owner pays another, is paid himself, or it stays with what the config names', () => {
    const { take } = bankScene()
    expect(take(ana, 900n, { by: ana, to: thief }).claims).toEqual([])
    expect(take(ben, 900n, { by: thief, to: ben }).claims).toEqual([])
    expect(bankScene().take(ana, 900n, { to: gold }).claims).toEqual([])
  })

  test('are none where the owner got something else, or a debt was paid off with it', () => {
    const paysOwner: Partial<TakeOptions> = { also: (move) => [move(thief, ana, 300n, gold)] }
    expect(bankScene().take(ana, 900n, paysOwner).claims).toEqual([])
    const paysIn: Partial<TakeOptions> = { also: (move) => [move(thief, bank, 300n, gold)] }
    const liquidated = bankScene()
    liquidated.write(ana, 700n, debts)
    liquidated.take(ben, 1n, { by: ben })
    liquidated.write(ana, -700n, debts)
    expect(liquidated.take(ana, 900n, paysIn).claims).toEqual([])
    expect(bankScene().take(ana, 900n, paysIn).claims).toHaveLength(1)
  })

  test('wake nobody where a signature may stand in the calldata, or whoever settles so all the time', () => {
    const signature: Hex = `0x${'11'.repeat(64)}${word(27).slice(2)}`
    const signed = bankScene().take(ana, 900n, { transaction: { input: takeFrom(ana, 900n, signature) } })
    expect(told(signed)[0]).toMatch(/^medium: .* who neither called it nor got anything$/)
    const { take } = bankScene()
    for (const amount of [10n, 11n, 12n, 13n]) expect(take(ana, amount, { by: clerk }).claims).toEqual([])
    expect(told(take(ana, 800n, { by: clerk }))[0]).toMatch(/^medium/)
    expect(told(take(ben, 900n))[0]).toMatch(/^high/)
  })

  test('are not seen before use has shown the books, or where input is cut off', () => {
    const { take } = bankScene()
    expect(take(ana, 900n, { transaction: { input: takeFrom(ana, 900n).slice(0, 60) as Hex } }).claims).toEqual([])
  })
})

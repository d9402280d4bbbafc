import { describe, expect, test } from 'vitest'
import { account, call, tx } from '../../../../test/harness/node/block.ts'
import { transferLog } from '../../../../test/harness/node/transferLog.ts'
import { contract, scene, World, word } from '../../../../test/harness/scene.ts'
import type { Address } from '../../../model/chain.ts'
import { accountEntries } from '../accountEntries.ts'

const [lender, usd, gold, ana, ben, thief, carl] = [0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x7a].map(
  (n) => `0x${n.toString(16).repeat(20)}`,
) as [Address, Address, Address, Address, Address, Address, Address]
const [pledges, debts, silver] = ['0x27e235e3', '0x8f8f8f8f', '0x9a9a9a9a'] as const
const selectors = [pledges, debts, silver]
const short = (who: Address) => `${who.slice(0, 6)}…${who.slice(-4)}`
type Change = { pledge?: bigint; borrow?: bigint; silver?: bigint; drop?: bigint; clears?: bigint }

type Given = { options?: object; named?: boolean; fine?: bigint; makes?: boolean; isTold?: boolean }

/** A lender of 10,000 dollars against gold, at most one dollar for each unit of it. */
function lenderScene({ options = {}, named = true, fine = 1n, makes = false, isTold = true }: Given = {}) {
  const world = new World().set(`call ${usd} 0x18160ddd`, 10_000n)
  const purse = makes ? account(0) : lender
  const held = { [usd]: makes ? 0n : 10_000n, [gold]: 5_000n * fine }
  const written = new Map<string, bigint>()
  const write = (who: Address, selector: string, by: bigint) => {
    const next = (written.get(selector + who) ?? 0n) + by
    written.set(selector + who, next)
    world.set(`call ${lender} ${selector}${word(who).slice(2)}`, next)
  }
  for (const who of [ana, ben, thief, carl]) for (const selector of selectors) write(who, selector, 0n)
  for (const token of [usd, gold]) world.holds(token, lender, held[token]!)
  world.settle()
  const watch = scene(accountEntries, [contract('lender', lender)], {
    world,
    options: { entries: selectors, ...options },
    names: named ? [usd, gold].map((at, index) => contract(['usd', 'gold'][index]!, at, { role: 'dependency' })) : [],
  })
  /** `fine`: base units of a unit of gold. Below zero is taken out or paid back; `drop` and `clears`: pledge and debt that go without a payment. */
  const deal = (who: Address, change: Change) => {
    const { borrow = 0n, clears = 0n } = change
    const [pledge, put, drop] = [change.pledge, change.silver, change.drop].map((each) => (each ?? 0n) * fine) as [
      bigint,
      bigint,
      bigint,
    ]
    write(who, pledges, pledge - drop)
    write(who, debts, borrow - clears)
    write(who, silver, put)
    held[gold]! += pledge + put
    if (!makes) held[usd]! -= borrow
    for (const token of [usd, gold]) world.holds(token, lender, held[token]!)
    const logs = [
      ...(borrow > 0n ? [transferLog(usd, { from: purse, to: who, value: borrow })] : []),
      ...(borrow < 0n ? [transferLog(usd, { from: who, to: purse, value: -borrow })] : []),
      ...(pledge + put > 0n ? [transferLog(gold, { from: who, to: lender, value: pledge + put })] : []),
      ...(pledge < 0n ? [transferLog(gold, { from: lender, to: who, value: -pledge })] : []),
    ]
    const input = call('function deal(uint256 pledge, uint256 borrow)', [1n, 1n])
    // Whom the lender tells to make or burn it.
    const inside = makes && isTold ? [{ from: lender, to: usd, input: call('function make(uint256)', [1n]) }] : []
    const calls = [{ to: lender, input, calls: inside }]
    return watch.see({ transactions: [tx({ from: who, to: lender, input, logs, calls })] })
  }
  /** Use that shows what the getters are, and that a dollar is owed for two units of gold at most. */
  const learn = ({ repays = true, meanwhile = () => {} } = {}) => {
    for (const who of [ana, ben, ana, ben]) expect(deal(who, { pledge: 100n, borrow: 50n }).claims).toEqual([])
    if (repays) deal(ben, { borrow: -10n })
    meanwhile()
    for (const who of [ana, ben, ana, ben]) expect(deal(who, { pledge: 100n, borrow: 50n }).claims).toEqual([])
  }
  return { world, deal, learn }
}
const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? accountEntries.severity}: ${title}`)

describe('debts and what stands behind them', () => {
  test('page where somebody borrows and has pledged nothing', () => {
    const { deal, learn } = lenderScene()
    learn()
    const seen = deal(thief, { borrow: 500n })
    expect(told(seen)).toEqual([`high: ${short(thief)} owes lender 5.2 % of its usd, and nothing stands behind it`])
    expect(seen.claims[0]).toMatchObject({ address: lender, evidence: 'hard', facts: { owed: '500', grewBy: '500' } })
  })

  test('page where the pledge is taken out and the debt stays, not where both go as by a liquidation', () => {
    const out = lenderScene()
    out.learn()
    expect(told(out.deal(ana, { pledge: -400n }))[0]).toMatch(/^high: .* owes lender 2\.\d+ % of its usd, and nothing/)
    const liquidated = lenderScene()
    liquidated.learn()
    expect(liquidated.deal(ana, { drop: 400n, clears: 150n }).claims).toEqual([])
  })

  test('are told from ten times the most that was owed for a pledge on, and page from a thousand times', () => {
    const owe = (borrow: bigint, pledge: bigint) => {
      const { deal, learn } = lenderScene()
      learn()
      return told(deal(thief, { pledge, borrow }))
    }
    expect(owe(500n, 100n)).toEqual([
      `medium: ${short(thief)} owes lender 5.2 % of its usd, and 10 times as much as anybody did for what he pledged`,
    ])
    expect(owe(499n, 100n)).toEqual([])
    expect(owe(500n, 1n)[0]).toMatch(/^high: .* 1000 times as much/)
    expect(owe(499n, 1n)[0]).toMatch(/^medium/)
  })

  test('page from ten times on where many have borrowed', () => {
    const owe = (others: number) => {
      const { deal, learn } = lenderScene()
      learn()
      for (let index = 0; index < others; index++) deal(ana, { pledge: 2n, borrow: 1n })
      return told(deal(thief, { pledge: 100n, borrow: 500n }))
    }
    expect(owe(36)[0]).toMatch(/^high/)
    expect(owe(35)[0]).toMatch(/^medium/)
  })

  test('are critical from the limit on, none below the other, and wake nobody over a token that nobody named', () => {
    const owe = (borrow: bigint, given = {}) => {
      const { deal, learn } = lenderScene(given)
      learn()
      return told(deal(thief, { borrow }))
    }
    expect(owe(961n)[0]).toMatch(/^critical/)
    expect(owe(960n)[0]).toMatch(/^high/)
    expect(owe(97n)).toHaveLength(1)
    expect(owe(96n)).toEqual([])
    expect(owe(500n, { named: false })[0]).toMatch(/^medium/)
  })

  test('leave a large loan out of the caps where as much stands behind it as behind others', () => {
    const { deal, learn } = lenderScene()
    learn()
    expect(deal(carl, { pledge: 6_000n, borrow: 3_000n }).claims).toEqual([])
    expect(deal(carl, { pledge: 1_000n, borrow: 2_000n }).claims).toEqual([])
    const dear = lenderScene()
    dear.learn()
    expect(told(dear.deal(carl, { pledge: 4_000n, borrow: 3_100n }))[0]).toMatch(
      /^high: 32\.\d+ % of the usd of lender left/,
    )
  })

  test('are judged also where the pledge has many more decimals than the debt', () => {
    const { deal, learn } = lenderScene({ fine: 10n ** 16n })
    learn()
    expect(deal(carl, { pledge: 6_000n, borrow: 3_000n }).claims).toEqual([])
    expect(told(deal(thief, { pledge: 10n, borrow: 499n }))[0]).toMatch(/and 99 times as much as anybody did/)
  })

  test('are judged by the supply where the contract makes what it lends and holds none of it', () => {
    const owe = (borrow: bigint, given = {}) => {
      const { deal, learn } = lenderScene({ makes: true, ...given })
      learn()
      return told(deal(thief, { borrow }))
    }
    expect(owe(500n)).toEqual([`high: ${short(thief)} owes lender 5 % of its usd, and nothing stands behind it`])
    expect(owe(99n)).toEqual([])
    expect(owe(500n, { isTold: false })).toEqual([])
  })

  test('are not judged where others owe without a pledge, a new kind of pledge came, or nobody has paid back yet', () => {
    const open = lenderScene()
    open.learn({ meanwhile: () => open.deal(carl, { borrow: 1n }) })
    expect(open.deal(thief, { borrow: 500n }).claims).toEqual([])
    const other = lenderScene()
    other.learn()
    expect(other.deal(carl, { silver: 300n, borrow: 500n }).claims).toEqual([])
    expect(other.deal(carl, { borrow: 100n }).claims).toEqual([])
    const counted = lenderScene()
    counted.learn({ repays: false })
    expect(counted.deal(thief, { borrow: 500n }).claims).toEqual([])
  })

  test('are blind where the entries cannot be read', () => {
    const { world, deal, learn } = lenderScene()
    learn()
    world.down.add(debts)
    expect(deal(thief, { borrow: 500n })).toMatchObject({
      claims: [],
      blind: [`What stands under ${debts} could not be read: nobody answers`],
    })
  })
})

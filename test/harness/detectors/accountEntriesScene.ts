import { expect } from 'vitest'
import { accountEntries } from '../../../src/detectors/value/accountEntries.ts'
import type { Address } from '../../../src/model/chain.ts'
import { account, call, type SomeLog, type SomeTransaction, tx } from '../node/block.ts'
import { transferLog } from '../node/transferLog.ts'
import { contract, scene, World, word } from '../scene.ts'

export const [bank, usd, ana, ben, thief, stranger] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66].map((n) =>
  account(n * 0x101),
) as [Address, Address, Address, Address, Address, Address]
export const [entries, debts] = ['0x27e235e3', '0x8f8f8f8f'] as const
export const put = call('function put(uint256 amount)', [1n])
export const out = call('function out(uint256 amount)', [1n])
export const other = call('function pay(uint256 amount)', [1n])

export const moved = (from: Address, to: Address, value: bigint, token = usd): SomeLog =>
  transferLog(token, { from, to, value })

/** A bank of 10,000 units of which 1,000 are written down for each of four, and nothing for anybody else. */
export function bankScene({ options = {}, named = true }: { options?: object; named?: boolean } = {}) {
  const world = new World()
  const held = new Map<string, bigint>([[usd, 10_000n]])
  const written = new Map<string, bigint>()
  const write = (who: Address, by: bigint, selector: string = entries) => {
    const key = `${selector} ${who}`
    const next = BigInt.asUintN(256, (written.get(key) ?? 0n) + by)
    written.set(key, next)
    world.set(`call ${bank} ${selector}${word(who).slice(2)}`, next)
  }
  for (const who of [ana, ben, thief, stranger]) for (const selector of [entries, debts]) write(who, 0n, selector)
  for (const who of [ana, ben, thief]) write(who, 1_000n)
  world.holds(usd, bank, 10_000n)
  world.settle()
  const watch = scene(accountEntries, [contract('bank', bank)], {
    world,
    options: { entries: [entries, debts], ...options },
    names: named ? [contract('usd', usd, { kind: 'erc20', role: 'dependency' })] : [],
  })
  const pay = (who: Address, amount: bigint, input = out, rest: Partial<SomeTransaction> = {}) => {
    held.set(usd, held.get(usd)! - amount)
    world.holds(usd, bank, held.get(usd)!)
    const logs = [amount > 0n ? moved(bank, who, amount) : moved(who, bank, -amount)]
    return watch.see({ transactions: [tx({ from: who, to: bank, input, logs, ...rest })] })
  }
  const deal = (who: Address, amount: bigint) => {
    write(who, -amount)
    return pay(who, amount, amount > 0n ? out : put)
  }
  return {
    ...{ world, watch, write, pay, deal },
    /** What shows which getter is its books. */
    learn() {
      for (const [who, amount] of [
        [ana, -40n],
        [ana, 30n],
        [ben, -20n],
        [ben, 25n],
      ] as const)
        expect(deal(who, amount)).toMatchObject({ claims: [], blind: [] })
    },
  }
}

export const told = ({ claims }: { claims: { severity?: string; title: string }[] }) =>
  claims.map(({ severity, title }) => `${severity ?? accountEntries.severity}: ${title}`)

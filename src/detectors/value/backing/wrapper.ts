import type { Address } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import { nativeBalance, totalSupply } from '../../tokens/balances.ts'
import { type Adapter, type At, numberAt } from './book.ts'

const code = (of: Address, at: At): Read => ({ kind: 'code', at, of })
/** `withdraw(uint256)`, as the code compares it. */
const pushWithdraw = '632e1a7d4d'

/** A token that stands for the native coin, as WETH does: it holds a coin for each of its units. */
export const wrapper: Adapter = {
  id: 'wrapper',
  reads: (target, rows, at) => [
    totalSupply(target, at),
    nativeBalance(target, at),
    ...(rows.length === 0 ? [code(target, at)] : []),
  ],
  learn(target, rows, at, ask) {
    if (rows.length > 0) return rows
    const [supply, coins] = [numberAt(ask(totalSupply(target, at))), numberAt(ask(nativeBalance(target, at)))]
    if (!supply || coins === null || !ask(code(target, at))?.includes(pushWithdraw)) return null
    // Others have a supply and coins, too; who holds one coin for each unit, and gives it out, is a wrapper.
    return coins >= supply && coins * 100n <= supply * 101n ? [[target]] : null
  },
  books(target, _, at, ask) {
    const [supply, coins] = [numberAt(ask(totalSupply(target, at))), numberAt(ask(nativeBalance(target, at)))]
    if (supply === null || coins === null) return []
    return [{ name: 'wrapped coins', claims: supply, backing: coins, cover: true, held: [] }]
  },
}

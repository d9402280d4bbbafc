import { nativeBalance, totalSupply } from '../balances.ts'
import { type Adapter, numberAt, view } from './book.ts'

const withdraw = view('withdraw(uint256)')
const nothing = `0x${'0'.repeat(64)}` as const

/** A token that stands for the native coin, as WETH does: it holds a coin for each of its units. */
export const wrapper: Adapter = {
  id: 'wrapper',
  reads: (target, rows, at) => [
    totalSupply(target, at),
    nativeBalance(target, at),
    ...(rows.length === 0 ? [withdraw(target, at, nothing)] : []),
  ],
  learn(target, rows, at, ask) {
    if (rows.length > 0) return rows
    const [supply, coins] = [numberAt(ask(totalSupply(target, at))), numberAt(ask(nativeBalance(target, at)))]
    if (!supply || coins === null || ask(withdraw(target, at, nothing)) === null) return null
    // Others have a supply and coins, too; who holds one coin for each unit, and gives it out, is a wrapper.
    return coins >= supply && coins * 100n <= supply * 101n ? [[target]] : null
  },
  books(target, _, at, ask) {
    const [supply, coins] = [numberAt(ask(totalSupply(target, at))), numberAt(ask(nativeBalance(target, at)))]
    if (supply === null || coins === null) return []
    return [{ name: 'wrapped coins', claims: supply, backing: coins, cover: true, held: [] }]
  },
}

import { tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Adapter, addressAt, numberAt, view } from './book.ts'

const baseToken = view('baseToken()')
const totalBorrow = view('totalBorrow()')

/** A market as Compound v3 writes them: what is there and what is owed to it stand behind its deposits. */
export const comet: Adapter = {
  id: 'comet',
  reads: (target, rows, at) => [
    totalSupply(target, at),
    totalBorrow(target, at),
    ...(rows[0] ?? []).map((token) => tokenBalance(token, target, at)),
    ...(rows.length === 0 ? [baseToken(target, at)] : []),
  ],
  learn(target, rows, at, ask) {
    if (rows.length > 0) return rows
    const token = addressAt(ask(baseToken(target, at)))
    return token && numberAt(ask(totalBorrow(target, at))) !== null ? [[token]] : null
  },
  books(target, [row], at, ask) {
    if (!row) return []
    const claims = numberAt(ask(totalSupply(target, at)))
    const owed = numberAt(ask(totalBorrow(target, at)))
    const cash = numberAt(ask(tokenBalance(row[0]!, target, at)))
    if (claims === null || owed === null || cash === null) return []
    return [{ name: 'deposits', claims, backing: cash + owed, cover: true, held: [] }]
  },
}

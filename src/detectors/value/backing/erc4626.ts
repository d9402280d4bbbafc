import { totalSupply } from '../../tokens/balances.ts'
import { type Adapter, addressAt, numberAt, view } from './book.ts'

const asset = view('asset()')
const totalAssets = view('totalAssets()')

/** A vault (ERC-4626): assets behind its shares. Their quotient is the price of a share, which falls only by a loss. */
export const erc4626: Adapter = {
  id: 'erc4626',
  reads: (target, rows, at) => [
    totalAssets(target, at),
    totalSupply(target, at),
    ...rows.map(([token]) => totalSupply(token!, at)),
    ...(rows.length === 0 ? [asset(target, at)] : []),
  ],
  learn(target, rows, at, ask) {
    if (rows.length > 0) return rows
    const token = addressAt(ask(asset(target, at)))
    const answers = [totalAssets(target, at), totalSupply(target, at)].map((read) => numberAt(ask(read)))
    return token && !answers.includes(null) ? [[token]] : null
  },
  books(target, rows, at, ask) {
    const [assets, shares] = [numberAt(ask(totalAssets(target, at))), numberAt(ask(totalSupply(target, at)))]
    if (assets === null || shares === null) return []
    const supply = numberAt(rows[0] ? ask(totalSupply(rows[0][0]!, at)) : null)
    const held = supply === null ? [] : [{ amount: assets, supply }]
    return [{ name: 'shares', claims: shares, backing: assets, cover: false, held }]
  },
}

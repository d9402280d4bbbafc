import type { Address, Hex } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'
import { tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Adapter, type Ask, type At, addressAt, numberAt, type Rows, view } from './book.ts'

const getReservesList = view('getReservesList()')
const getReserveData = view('getReserveData(address)')
const underlying = view('UNDERLYING_ASSET_ADDRESS()')
const pool = view('POOL()')

/** More than the largest pools have. */
const reservesMax = 64
/** Where the struct of `getReserveData` names its tokens, by its number of words: Aave v2 and v3. */
const tokensAt: Readonly<Record<number, number>> = { 12: 7, 15: 8 }

const wordOf = (address: Address): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`
/** A row is [asset, pool] until the pool has told the tokens of the reserve, then [asset, pool, deposits, ...debts]. */
const isWhole = (row: Rows[number]) => row.length > 2

/**
 * A reserve of a lending pool as Aave writes them, of a pool or of one of its deposit tokens: what is there and what is
 * owed to it stand behind the deposits.
 */
export const lending: Adapter = {
  id: 'lending',
  reads(target, rows, at) {
    if (rows.length === 0) return [getReservesList(target, at), underlying(target, at), pool(target, at)]
    return rows.flatMap((row): Read[] => {
      const [asset, owner, deposits, ...debts] = row as [Address, Address, ...Address[]]
      if (!deposits) return [getReserveData(owner, at, wordOf(asset))]
      return [tokenBalance(asset, deposits, at), ...[deposits, ...debts].map((token) => totalSupply(token, at))]
    })
  },
  learn(target, rows, at, ask) {
    if (rows.length === 0) return firstRows(target, at, ask)
    return rows.map((row) => (isWhole(row) ? row : [...row, ...tokensOf(row, at, ask)]))
  },
  books(_, rows, at, ask) {
    return rows.filter(isWhole).flatMap((row) => {
      const [asset, , deposits, ...debts] = row as [Address, Address, Address, ...Address[]]
      const claims = numberAt(ask(totalSupply(deposits, at)))
      const parts = [tokenBalance(asset, deposits, at), ...debts.map((token) => totalSupply(token, at))]
      const amounts = parts.map((read) => numberAt(ask(read)))
      if (claims === null || amounts.includes(null)) return []
      const backing = amounts.reduce<bigint>((sum, amount) => sum + amount!, 0n)
      return [{ name: `deposits of ${asset}`, claims, backing, cover: true, held: [] }]
    })
  },
}

function firstRows(target: Address, at: At, ask: Ask): Rows | null {
  const [asset, owner] = [addressAt(ask(underlying(target, at))), addressAt(ask(pool(target, at)))]
  if (asset && owner) return [[asset, owner]]
  const list = ask(getReservesList(target, at))
  const count = numberAt(list, 1)
  if (numberAt(list) !== 32n || count === null || count === 0n) return null
  const places = Array.from({ length: Number(count < BigInt(reservesMax) ? count : reservesMax) }, (_, index) => index)
  const assets = places.map((index) => addressAt(list, 2 + index))
  return assets.every((each) => each !== null) ? assets.map((each) => [each, target]) : null
}

function tokensOf([asset, owner]: readonly Address[], at: At, ask: Ask): Address[] {
  const data = ask(getReserveData(owner!, at, wordOf(asset!)))
  const first = data ? tokensAt[(data.length - 2) / 64] : undefined
  if (first === undefined) return []
  const tokens = [0, 1, 2].flatMap((index) => addressAt(data, first + index) ?? [])
  return addressAt(data, first) && tokens.length > 1 ? tokens : []
}

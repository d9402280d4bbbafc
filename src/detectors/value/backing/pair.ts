import type { Address } from '../../../model/chain.ts'
import { tokenBalance, totalSupply } from '../../tokens/balances.ts'
import { type Adapter, type Ask, type At, addressAt, type Book, numberAt, view } from './book.ts'

const token0 = view('token0()')
const token1 = view('token1()')
const getReserves = view('getReserves()')
const kLast = view('kLast()')

/** Shares that no pair ever gives out: where only they are left, what is left is nobody's, and rounding says how much. */
const lockedShares = 1_000n

/**
 * A pair of Uniswap v2: the square root of the product of its reserves behind each share of liquidity grows by fees and
 * never falls. Its balances cover its reserves, unless somebody burns or takes its tokens behind its back.
 */
export const pair: Adapter = {
  id: 'pair',
  reads: (target, rows, at) => [
    getReserves(target, at),
    totalSupply(target, at),
    kLast(target, at),
    ...(rows[0] ?? []).flatMap((token) => [tokenBalance(token, target, at), totalSupply(token, at)]),
    ...(rows.length === 0 ? [token0(target, at), token1(target, at)] : []),
  ],
  learn(target, rows, at, ask) {
    if (rows.length > 0) return rows
    const tokens = [addressAt(ask(token0(target, at))), addressAt(ask(token1(target, at)))]
    const isPair = reservesOf(target, at, ask) !== null && numberAt(ask(totalSupply(target, at))) !== null
    return isPair && tokens.every((token) => token !== null) ? [tokens] : null
  },
  books(target, [tokens = []], at, ask) {
    const reserves = reservesOf(target, at, ask)
    const shares = numberAt(ask(totalSupply(target, at)))
    if (!reserves || shares === null) return []
    const product = squareRoot(reserves[0] * reserves[1])
    const isEmpty = shares <= lockedShares
    const claims = shares + protocolShare(shares, product, numberAt(ask(kLast(target, at))))
    const sides = tokens.map((token) => ({
      amount: numberAt(ask(tokenBalance(token, target, at))),
      supply: numberAt(ask(totalSupply(token, at))),
    }))
    const held = sides.flatMap(({ amount, supply }) => (amount === null || supply === null ? [] : [{ amount, supply }]))
    const counted = held.length === 2 ? held.map((each, side) => ({ ...each, told: reserves[side]! })) : held
    const covers = sides.flatMap(({ amount }, side): Book[] => {
      if (amount === null) return []
      const own = held.length === 2 ? [held[side]!] : []
      return [{ name: `reserve ${tokens[side]}`, claims: reserves[side]!, backing: amount, cover: true, held: own }]
    })
    return [{ name: 'liquidity', claims, backing: isEmpty ? claims : product, cover: false, held: counted }, ...covers]
  },
}

export function reservesOf(target: Address, at: At, ask: Ask): [bigint, bigint] | null {
  const data = ask(getReserves(target, at))
  const [first, second] = [numberAt(data), numberAt(data, 1)]
  return first === null || second === null || data?.length !== 2 + 3 * 64 ? null : [first, second]
}

/**
 * Shares that the protocol may mint for itself out of fees the next time that liquidity moves: a sixth of the growth
 * since `kLast` in Uniswap v2, more in its forks. A third is reckoned, so that no such mint looks like a loss.
 */
function protocolShare(shares: bigint, product: bigint, last: bigint | null): bigint {
  const before = squareRoot(last ?? 0n)
  return before > 0n && product > before ? (shares * (product - before)) / (2n * product + before) : 0n
}

/** Rounded down, by Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

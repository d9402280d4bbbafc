import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Probe, ReadResult } from '../../model/read.ts'
import { numberOf } from '../tokens/balances.ts'

/** What somebody holds of something, and how it is asked before and after a simulation. */
export type Holding = { of: Address; token: Address | 'native'; probe: Probe }

/** Contracts that are no tokens. */
const tokenless = new Set(['account', 'safe', 'governor', 'timelock', 'chainlink-feed', 'uniswap-v3-pool'])

/** Contracts of the config that may be tokens, those that are first: who holds none of one, or asks what is none, loses nothing. */
export const tokensAmong = (names: ReadonlyMap<string, Contract>): Address[] =>
  [...names.values()]
    .filter(({ kind }) => !tokenless.has(kind ?? ''))
    .toSorted((a, b) => Number(b.kind === 'erc20') - Number(a.kind === 'erc20'))
    .map(({ address }) => address)

/** Coins and tokens of some holders, each holder's own token left out: that is owed, not held. */
export function holdingsOf(holders: readonly Address[], tokens: readonly Address[]): Holding[] {
  const held = tokens.flatMap((token) => holders.map((of): Holding => ({ of, token, probe: balanceProbe(token, of) })))
  return [
    ...holders.map((of): Holding => ({ of, token: 'native', probe: { kind: 'balance', of } })),
    ...held.filter(({ token, of }) => token !== of),
  ]
}

const balanceProbe = (token: Address, of: Address): Probe => ({
  ...{ kind: 'call', to: token },
  data: `0x70a08231${'0'.repeat(24)}${of.slice(2)}`,
})

/** What would have left some holders together of one token; negative: what would have come in. */
export type Move = {
  token: Address | 'native'
  amount: bigint
  /** Before. */
  held: bigint
  /** Who would lose most of it. */
  of: Address
}

/** By token, for all holders together: what moves among them is not lost. Answers stand in the order of the holdings. */
export function movesOf(
  holdings: readonly Holding[],
  before: readonly (ReadResult | undefined)[],
  after: readonly (ReadResult | undefined)[],
): Move[] {
  const moved = holdings.flatMap(({ of, token }, place) => {
    const [old, next] = [amountIn(before[place]), amountIn(after[place])]
    return old === null || next === null ? [] : [{ of, token, old, lost: old - next }]
  })
  return [...Map.groupBy(moved, ({ token }) => token)].map(([token, group]) => ({
    token,
    amount: group.reduce((sum, { lost }) => sum + lost, 0n),
    held: group.reduce((sum, { old }) => sum + old, 0n),
    of: group.reduce((most, each) => (each.lost > most.lost ? each : most)).of,
  }))
}

export const amountIn = (result: ReadResult | undefined): bigint | null => (result?.ok ? numberOf(result.data) : null)

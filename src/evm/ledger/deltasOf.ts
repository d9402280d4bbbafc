import type { Address } from '../../model/chain.ts'
import type { Movement } from './movementsOf.ts'

/** What each account has more (less, below zero) of each asset, by the key of the asset. Who is even is left out. */
export type Deltas = ReadonlyMap<string, ReadonlyMap<Address, bigint>>

/** Where an asset is filed: a token, `native`, or one item of a collection. */
export const assetKey = ({ asset, id }: Pick<Movement, 'asset' | 'id'>): string =>
  id === null ? asset : `${asset} ${id}`

/** The sum over all accounts of an asset is zero: what was minted is what the zero address has less. */
export function deltasOf(movements: readonly Movement[]): Deltas {
  const deltas = new Map<string, Map<Address, bigint>>()
  for (const movement of movements) {
    const { from, to, amount } = movement
    const key = assetKey(movement)
    const accounts = deltas.get(key) ?? new Map<Address, bigint>()
    deltas.set(key, accounts)
    accounts.set(from, (accounts.get(from) ?? 0n) - amount)
    accounts.set(to, (accounts.get(to) ?? 0n) + amount)
  }
  for (const accounts of deltas.values()) {
    for (const [account, delta] of accounts) if (delta === 0n) accounts.delete(account)
  }
  return new Map([...deltas].filter(([, accounts]) => accounts.size > 0))
}

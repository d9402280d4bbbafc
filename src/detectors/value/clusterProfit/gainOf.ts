import { assetKey, type Deltas } from '../../../evm/ledger/deltasOf.ts'
import type { Movement } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'

/** What a cluster has more or less of each fungible asset, and whether it gave anything else away. */
export type Gain = { amounts: ReadonlyMap<Address | 'native', bigint>; gaveItems: boolean }

const assetsMax = 24

export function gainOf(movements: readonly Movement[], deltas: Deltas, cluster: ReadonlySet<Address>): Gain {
  const amounts = new Map<Address | 'native', bigint>()
  let gaveItems = false
  const assets = new Map(movements.map((each) => [assetKey(each), each]))
  for (const [key, { asset, id }] of [...assets].slice(0, assetsMax)) {
    let sum = 0n
    for (const [account, delta] of deltas.get(key) ?? []) if (cluster.has(account)) sum += delta
    if (sum === 0n) continue
    if (id === null) amounts.set(asset, sum)
    else if (sum < 0n) gaveItems = true
  }
  return { amounts, gaveItems }
}

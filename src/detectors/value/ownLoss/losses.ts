import { assetKey, type Deltas, deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address, Receipt, Transaction } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Observation } from '../../../model/observation.ts'

/** What one watched contract has less of one asset after one transaction. */
export type Loss = {
  target: Contract
  asset: Address | 'native'
  /** No more than all watched contracts together lost. */
  amount: bigint
  transaction: Transaction
  receipt: Receipt
  movements: readonly Movement[]
  deltas: Deltas
  /** What it has more of, which may be the price of it. */
  gains: { asset: Address | 'native'; amount: bigint }[]
}

/** A block full of made-up tokens must not make us ask without end. */
const lossesMax = 32
const gainsMax = 4

/**
 * Losses of the watched contracts in a block. No loss: what another of them has got, and what came back, as a flash loan
 * does.
 * @param trusted What counts as got: a token that nobody knows is worth nothing, and anybody can send one along.
 */
export function lossesIn(
  { block, logs, outcomes }: Omit<Observation, 'state'>,
  targets: ReadonlyMap<Address, Contract>,
  trusted: ReadonlySet<Address | 'native'>,
): Loss[] {
  const calls = new Map(outcomes.flatMap((each) => (each.calls ? [[each.transaction.index, each.calls] as const] : [])))
  const indices = new Set([...logs.map(({ transactionIndex }) => transactionIndex), ...calls.keys()])
  const losses = [...indices].flatMap((index): Loss[] => {
    const [transaction, receipt] = [block.transactions[index], block.receipts?.[index]]
    if (!transaction || !receipt) return []
    const inside = calls.get(index)
    const movements = movementsOf({ transaction, receipt, ...(inside && { calls: inside }) })
    const deltas = deltasOf(movements)
    return assetsOf(movements).flatMap((asset) =>
      lossesOf({ asset, transaction, receipt, movements, deltas }, targets, trusted),
    )
  })
  // Whoever fills a block with tokens of his own or with trades hides nothing that was paid for nothing.
  const rank = ({ asset, gains }: Loss) => (trusted.has(asset) ? 0 : gainsMax + 1) + gains.length
  return losses.toSorted((a, b) => rank(a) - rank(b)).slice(0, lossesMax)
}

/** Of what is fungible. */
function assetsOf(movements: readonly Movement[]): (Address | 'native')[] {
  return [...new Set(movements.filter(({ id }) => id === null).map(({ asset }) => asset))]
}

type Targets = ReadonlyMap<Address, Contract>

function lossesOf(
  moved: Omit<Loss, 'target' | 'amount' | 'gains'>,
  targets: Targets,
  trusted: ReadonlySet<Address | 'native'>,
): Loss[] {
  const { asset, deltas } = moved
  const own = [...(deltas.get(assetKey({ asset, id: null })) ?? [])].filter(([account]) => targets.has(account))
  const together = own.reduce((sum, [, delta]) => sum + delta, 0n)
  if (together >= 0n) return []
  return own.flatMap(([account, delta]) => {
    const target = targets.get(account)
    if (!target || delta >= 0n) return []
    return [
      { ...moved, target, amount: delta < together ? -together : -delta, gains: gainsOf(moved, account, trusted) },
    ]
  })
}

/** Of what the config names, and of coins. */
function gainsOf(
  { deltas, movements }: Pick<Loss, 'deltas' | 'movements'>,
  account: Address,
  trusted: ReadonlySet<Address | 'native'>,
): Loss['gains'] {
  const gains = assetsOf(movements).flatMap((asset) => {
    const amount = trusted.has(asset) ? (deltas.get(assetKey({ asset, id: null }))?.get(account) ?? 0n) : 0n
    return amount > 0n ? [{ asset, amount }] : []
  })
  return gains.slice(0, gainsMax)
}

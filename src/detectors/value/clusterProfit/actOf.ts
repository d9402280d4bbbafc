import { clusterOf } from '../../../evm/ledger/clusterOf.ts'
import { type Deltas, deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import { type Gain, gainOf } from './gainOf.ts'
import { type Taking, takingsOf } from './takings.ts'

/** One transaction that touches ours, and who did it. */
export type Act = {
  outcome: Outcome
  movements: readonly Movement[]
  deltas: Deltas
  cluster: ReadonlySet<Address>
  gain: Gain
  takings: readonly Taking[]
}

type Place = { ours: ReadonlySet<Address>; known: ReadonlySet<Address>; made: ReadonlyMap<Address, Address> }

/** Null: nothing moved, or one of ours did it. */
export function actOf(outcome: Outcome, { ours, known, made }: Place): Act | null {
  const { transaction, calls = [] } = outcome
  if (known.has(transaction.from)) return null
  const movements = movementsOf(outcome)
  if (movements.length === 0) return null
  const deltas = deltasOf(movements)
  const cluster = clusterOf(outcome, movements, { known, made })
  const takings = takingsOf({ transaction, calls, movements, deltas }, ours, known)
  return { outcome, movements, deltas, cluster, gain: gainOf(movements, deltas, cluster), takings }
}

import { type Movement, movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'
import type { Loss } from '../losses.ts'
import { tokenSelectors, viewSelectors } from '../selectors.ts'
import { selectorOf } from './reentriesOf.ts'

/** Of a loss, the part that must be written down as a debt: interest and rounding make a little difference. */
const [leastPercent, mostPercent] = [99n, 110n]

/**
 * Whether all that was lost is owed now: for each of it, one of ours had a token of its debtors made over as much, and it
 * was not destroyed again. It counts only where one of ours called for it: anybody can make a token and say that it is a
 * debt. What is ours itself is no debt, but a claim on us.
 */
export function isOwed(losses: readonly Loss[], outcome: Outcome, ours: ReadonlySet<Address>): boolean {
  const made = debtsOf(outcome, ours)
  return losses.every(({ amount }) => {
    const index = made.findIndex((debt) => debt * 100n >= amount * leastPercent && debt * 100n <= amount * mostPercent)
    if (index >= 0) made.splice(index, 1)
    return index >= 0
  })
}

function debtsOf(outcome: Outcome, ours: ReadonlySet<Address>): bigint[] {
  const told = new Set(
    outcome.calls?.flatMap((call) => {
      const { kind, from, to, reverted } = call
      const isOrder = !reverted && kind === 'call' && ours.has(from) && to !== null && !ours.has(to)
      const isUse = tokenSelectors.has(selectorOf(call)) || viewSelectors.has(selectorOf(call))
      return isOrder && !isUse ? [to] : []
    }) ?? [],
  )
  const byToken = Map.groupBy(movementsOf(outcome), ({ asset }) => asset)
  return [...byToken].flatMap(([token, movements]) =>
    token !== 'native' && told.has(token) ? [movements.reduce((sum, each) => sum + madeBy(each), 0n)] : [],
  )
}

function madeBy({ from, to, amount }: Movement): bigint {
  if (from === zeroAddress) return amount
  return to === zeroAddress ? -amount : 0n
}

import { assetKey, deltasOf } from '../../../evm/ledger/deltasOf.ts'
import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import { zeroAddress } from '../../../evm/ledger/tokenTransfers.ts'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Outcome } from '../../../model/observation.ts'

/** What an account gave to another in one transaction, for nothing in return. */
export type Payment = {
  account: Address
  to: Address
  asset: Address | 'native'
  /** In base units. */
  amount: bigint
  transaction: Hex
}

/** Of one block; each is asked for two balances. */
const paymentsMax = 16

/**
 * The payments of some accounts in a block. Whoever gets something else for what he gives has traded or deposited, and a
 * payment to one of the others stays in the house.
 * @param trusted Assets that are believed; what others tell comes last, so that a flood of it pushes nothing out.
 */
export function paymentsOf(
  outcomes: readonly Outcome[],
  accounts: ReadonlySet<Address>,
  trusted: ReadonlySet<Address | 'native'>,
): Payment[] {
  const payments = outcomes.flatMap((outcome) => paidIn(outcome, accounts))
  const rank = ({ asset }: Payment) => (trusted.has(asset) ? 0 : 1)
  return payments.sort((a, b) => rank(a) - rank(b)).slice(0, paymentsMax)
}

function paidIn(outcome: Outcome, accounts: ReadonlySet<Address>): Payment[] {
  const movements = movementsOf(outcome)
  const payers = new Set(movements.flatMap(({ from }) => (accounts.has(from) ? [from] : [])))
  if (payers.size === 0) return []
  const deltas = deltasOf(movements)
  const hasGained = (account: Address) => [...deltas.values()].some((each) => (each.get(account) ?? 0n) > 0n)
  // A token that stands for coins pays them to whoever gives it back.
  const isGivenBack = (account: Address) => movements.some(({ asset, to }) => asset === account && to === zeroAddress)
  const givers = new Set([...payers].filter((account) => !hasGained(account) && !isGivenBack(account)))
  const sums = new Map<string, Payment>()
  for (const { from: account, to, asset, standard, amount, id } of movements) {
    const isFungible = standard === 'erc20' || standard === 'native'
    if (!isFungible || !givers.has(account) || accounts.has(to) || to === zeroAddress || to === asset) continue
    // What it only passes on was never its own.
    if ((deltas.get(assetKey({ asset, id }))?.get(account) ?? 0n) >= 0n) continue
    const key = `${account} ${to} ${assetKey({ asset, id })}`
    const known = sums.get(key)?.amount ?? 0n
    sums.set(key, { account, to, asset, amount: known + amount, transaction: outcome.transaction.hash })
  }
  return [...sums.values()]
}

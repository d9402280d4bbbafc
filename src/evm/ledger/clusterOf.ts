import type { Address, Call, Receipt, Transaction } from '../../model/chain.ts'
import type { Movement } from './movementsOf.ts'
import { zeroAddress } from './tokenTransfers.ts'

const membersMax = 256

/**
 * Who acts in one transaction as one: its sender, the contract that he calls, what these create in it, and whoever gets
 * something from them alone and gives nothing away.
 * @param known Accounts that are nobody's tool, such as contracts of the config.
 * @param made Contracts of which it is known who made them, by whoever did.
 */
export function clusterOf(
  { transaction, receipt, calls = [] }: { transaction: Transaction; receipt: Receipt | null; calls?: readonly Call[] },
  movements: readonly Movement[],
  { known, made = new Map() }: { known: ReadonlySet<Address>; made?: ReadonlyMap<Address, Address> },
): Set<Address> {
  const cluster = new Set<Address>()
  const add = (account: Address | null) => {
    if (account && !known.has(account) && account !== zeroAddress && cluster.size < membersMax) cluster.add(account)
  }
  for (const account of [transaction.from, transaction.to, receipt?.contractAddress ?? null]) add(account)
  for (const [contract, maker] of made) {
    if (cluster.has(contract)) add(maker)
    else if (cluster.has(maker)) add(contract)
  }
  for (const { kind, from, to, reverted } of calls) if (kind === 'create' && !reverted && cluster.has(from)) add(to)
  // What gives something away is a market in which they trade, or somebody whom they rob.
  const givers = new Set(movements.map(({ from }) => from))
  for (const [account, got] of Map.groupBy(movements, ({ to }) => to)) {
    if (!givers.has(account) && got.every(({ from }) => cluster.has(from))) add(account)
  }
  return cluster
}

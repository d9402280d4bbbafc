import { tokenMovements } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Observation } from '../../../model/observation.ts'
import { type Spender, short } from './spenders.ts'

/**
 * Counts whose tokens were taken by whom they had allowed it: in a transaction that the owner did not send, in which they
 * got nothing of anything. Whoever settles trades for others also sends their transactions, but pays them.
 */
export function takingsOf({ block, logs }: Observation, token: Address, spenders: readonly Spender[]): Spender[] {
  const byOwner = new Map<string, Spender[]>()
  for (const spender of spenders)
    for (const [owner] of spender.owners) byOwner.set(owner, [...(byOwner.get(owner) ?? []), spender])
  const robbed = new Map<Spender, Set<string>>()
  if (byOwner.size === 0) return [...spenders]
  const own = logs.filter(({ address }) => address === token)
  for (const { from, transactionIndex } of own.flatMap((log) =>
    tokenMovements([log]).map(({ from }) => ({ from, transactionIndex: log.transactionIndex })),
  )) {
    const allowed = byOwner.get(short(from))
    const transaction = block.transactions[transactionIndex]
    if (!allowed || !transaction || transaction.from === from || transaction.to === from) continue
    const paid = tokenMovements(block.receipts?.[transactionIndex]?.logs ?? []).some(({ to }) => to === from)
    if (paid) continue
    // By whom of several is not told: whoever sent the transaction or was called by it.
    const taker =
      allowed.find(({ address }) => address === transaction.from || address === transaction.to) ??
      (allowed.length === 1 ? allowed[0] : undefined)
    if (taker) robbed.set(taker, (robbed.get(taker) ?? new Set(taker.robbed)).add(short(from)))
  }
  return spenders.map((each) => (robbed.has(each) ? { ...each, robbed: [...robbed.get(each)!].slice(-24) } : each))
}

import type { Address, Hex, Log } from '../../../model/chain.ts'
import { priceIn } from './pricePoints.ts'

/** A use of a contract while the price that it relies on stood elsewhere than before. Distances as natural logarithms. */
export type Excursion = {
  user: Address
  transactionHash: Hex
  logIndex: number
  /** From where the price stood before to where it stood at the use. */
  away: number
  /** From where it stood before to where it came to rest. */
  rest: number
  /** The price was moved in the transaction that used the contract, or in the block around it. */
  within: 'transaction' | 'block'
}

type Use = { user: Address; log: Log; price: number; start: number }

/**
 * The uses of contracts within one block in the light of one source.
 * @param logs In the order of the block: those of the source that tell its price, and those by which contracts are used.
 * @param before The price before the block, null where it is not known: then the first one told counts.
 * @param userOf Which contract a log is a use of.
 */
export function excursionsOf(
  logs: readonly Log[],
  { source, before, userOf }: { source: Address; before: number | null; userOf(log: Log): Address | undefined },
): Excursion[] {
  let now = before
  const first = before ?? logs.flatMap((log) => (log.address === source ? (priceIn(log) ?? []) : []))[0]
  if (first === undefined) return []
  const ends = new Map<Hex, number>()
  const uses: Use[] = []
  let transaction: { hash: Hex; start: number } | undefined
  for (const log of logs) {
    if (transaction?.hash !== log.transactionHash) transaction = { hash: log.transactionHash, start: now ?? first }
    const price = log.address === source ? priceIn(log) : null
    if (price !== null) now = price
    ends.set(log.transactionHash, now ?? first)
    const user = price === null ? userOf(log) : undefined
    if (user) uses.push({ user, log, price: now ?? first, start: transaction.start })
  }
  const end = now ?? first
  return uses.flatMap(({ user, log, price, start }): Excursion[] => {
    const { transactionHash, logIndex } = log
    const use = { user, transactionHash, logIndex }
    const own = ends.get(transactionHash)!
    return [
      { ...use, away: Math.abs(price - start), rest: Math.abs(own - start), within: 'transaction' },
      { ...use, away: Math.abs(price - first), rest: Math.abs(end - first), within: 'block' },
    ]
  })
}

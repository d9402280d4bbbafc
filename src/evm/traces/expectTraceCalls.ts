import type { Watch } from '../../model/detector.ts'
import type { Calls } from '../../model/status.ts'
import { fewTransactions } from './fetchTraces.ts'
import { traceScopeOf } from './traceScopeOf.ts'
import type { TraceMethod } from './traceWays.ts'

/**
 * What traces take on average for a block, by method, where the provider knows the first way of each.
 * @param share Of the blocks, those whose receipts are read: no other is traced. Of each of them as many transactions are
 *   taken to touch what is watched as are still traced one by one.
 */
export function expectTraceCalls(watches: readonly Pick<Watch, 'interests'>[], share: number): Calls {
  const scope = traceScopeOf(watches)
  if (scope === null) return {}
  const calls: Partial<Record<TraceMethod, number>> =
    scope === 'all' ? { debug_traceBlockByHash: share } : { debug_traceTransaction: fewTransactions * share }
  return calls
}

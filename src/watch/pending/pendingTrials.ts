import { RpcError } from '../../evm/rpc/rpcError.ts'
import { createBoundedMap } from '../../lib/createBoundedMap.ts'
import { createBudget } from '../../lib/createBudget.ts'
import { inParallel } from '../../lib/inParallel.ts'
import type { BlockHeader, Hex, Transaction } from '../../model/chain.ts'
import type { Monitor } from '../../model/monitor.ts'
import type { WatchDeps } from '../watchedChain.ts'
import type { PendingAlerts } from './pendingAlerts.ts'
import type { PendingInbox, Touching } from './pendingInbox.ts'
import type { PendingTouch } from './pendingTouch.ts'
import type { PendingTroubles } from './pendingTroubles.ts'
import { raiseTried } from './raisePending.ts'
import { type Tried, tryPending } from './tryPending.ts'

/** Tries pending transactions and tells of what they would do, no more of them than there is time for. */
export type PendingTrials = {
  /** Notes one that takes the place of one that people were told of: it is tried whatever it touches. */
  replaces(transaction: Transaction): void
  /** @param isNew The head is another than the last time. */
  run(head: BlockHeader, isNew: boolean, inbox: PendingInbox): Promise<void>
  waiting(): number
}

const perSecond = 20
const atOnce = 4
/** Of one that has no effect now: it may follow on another that is pending. */
const triesMax = 4
const keptMax = 64

export function createPendingTrials(
  deps: Pick<WatchDeps, 'db' | 'client' | 'raise' | 'clock'>,
  parts: { monitors: readonly Monitor[]; touch: PendingTouch; alerts: PendingAlerts; troubles: PendingTroubles },
): PendingTrials {
  const { monitors, touch, alerts, troubles } = parts
  const now = () => performance.now()
  const budget = createBudget(perSecond, now)
  const rivals = createBoundedMap<Hex, Transaction>(keptMax)
  const again = createBoundedMap<Hex, Touching & { tries: number }>(keptMax)

  async function attempt(head: BlockHeader, touching: Touching, tries: number): Promise<void> {
    const { transaction } = touching
    if (alerts.follows(transaction.hash)) return
    let tried: Tried
    try {
      tried = await tryPending({ client: deps.client, touch }, head, touching)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return troubles.untriable(error.message)
    }
    if (tried.failed && tries < triesMax) again.set(transaction.hash, { ...touching, tries: tries + 1 })
    if (tried.blind.length > 0) troubles.untriable(tried.blind.join('; '))
    try {
      await raiseTried(deps, alerts, transaction, tried, now())
    } catch (error) {
      // The database is away for a while: what was found is not lost, as it is tried again.
      again.set(transaction.hash, { ...touching, tries })
      throw error
    }
  }

  return {
    replaces(transaction) {
      rivals.set(transaction.hash, transaction)
    },
    async run(head, isNew, inbox) {
      const replacing = rivals.take(budget.take(rivals.size())).map((transaction) => ({ transaction, monitors }))
      const fresh = inbox.takeTouching(budget.take(inbox.waiting().touching))
      const retried = isNew ? again.take(atOnce) : []
      const all = [...[...replacing, ...fresh].map((each) => ({ ...each, tries: 1 })), ...retried]
      await inParallel(all, atOnce, (each) => attempt(head, each, each.tries))
    },
    waiting: () => rivals.size() + again.size(),
  }
}

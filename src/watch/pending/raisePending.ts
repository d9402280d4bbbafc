import type { Hex, Transaction } from '../../model/chain.ts'
import type { Monitor } from '../../model/monitor.ts'
import { listBlocklessAlerts } from '../../store/alerts.ts'
import { findNewest } from '../../store/findings.ts'
import { findingOf } from '../toFinding.ts'
import type { WatchDeps } from '../watchedChain.ts'
import { type Ended, type PendingAlerts, standingOf } from './pendingAlerts.ts'
import type { Tried } from './tryPending.ts'

type Deps = Pick<WatchDeps, 'db' | 'raise' | 'clock'>

const restoredMax = 200

/** Tells people of what a pending transaction would do, and of the end of what it takes the place of. */
export async function raiseTried(
  deps: Deps,
  alerts: PendingAlerts,
  transaction: Transaction,
  { claims, blind }: Tried,
  knownAt: number,
): Promise<void> {
  const { from: sender, nonce, hash: transactionHash } = transaction
  const at = deps.clock()
  const found = claims.map(({ monitor, claim }) => {
    const facts = { ...claim.facts, sender, nonce }
    // What a reorg lets be pending again is another finding, as the alert about the first is over.
    const key = `${claim.key} since ${at.toISOString()}`
    return { monitor, finding: findingOf(monitor, { ...claim, key, transactionHash, facts }) }
  })
  if (found.length > 0) {
    const sighted = found.map(({ finding }) => ({ finding, sighting: null }))
    await deps.db.transaction((tx) => deps.raise(tx, { sighted, cleared: [], at, now: at }))
    for (const { monitor, finding } of found) alerts.follow(standingOf(monitor, finding.alertKey, transaction, knownAt))
  } else if (blind.length === 0) await raiseEnded(deps, alerts.harmless(transaction))
}

export async function raiseEnded({ db, raise, clock }: Deps, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return
  const at = clock()
  await db.transaction((tx) => raise(tx, { sighted: [], cleared: [], ended, at, now: at }))
}

/** What people were told of before a restart is followed on: it may have been mined meanwhile. */
export async function restoreAlerts(
  chainId: number,
  { db }: Pick<Deps, 'db'>,
  monitors: readonly Monitor[],
  alerts: PendingAlerts,
  knownAt: number,
): Promise<void> {
  const byName = new Map(monitors.map((monitor) => [monitor.name, monitor]))
  const open = await listBlocklessAlerts(db, { chainId, monitors: [...byName.keys()], limit: restoredMax })
  const newest = await findNewest(
    db,
    open.map(({ id }) => id),
  )
  for (const alert of open) {
    const monitor = byName.get(alert.monitor)
    const { facts, transactionHash } = newest.get(alert.id) ?? {}
    const { sender, nonce } = (facts ?? {}) as { sender?: unknown; nonce?: unknown }
    if (!monitor || !transactionHash || typeof sender !== 'string' || typeof nonce !== 'number') continue
    alerts.follow(standingOf(monitor, alert.key, { hash: transactionHash as Hex, from: sender as Hex, nonce }, knownAt))
  }
}

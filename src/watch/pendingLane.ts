import { fetchHeader } from '../evm/fetchBlock.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { createBudget } from '../lib/createBudget.ts'
import { createSleeper } from '../lib/createSleeper.ts'
import type { BlockHeader } from '../model/chain.ts'
import { explainQueryError } from '../store/explainQueryError.ts'
import { fetchPending, learnCodes } from './pending/askPending.ts'
import { createPendingAlerts } from './pending/pendingAlerts.ts'
import { createPendingInbox } from './pending/pendingInbox.ts'
import { createPendingSources } from './pending/pendingSources.ts'
import { createPendingTouch } from './pending/pendingTouch.ts'
import { createPendingTrials } from './pending/pendingTrials.ts'
import { createPendingTroubles } from './pending/pendingTroubles.ts'
import { raiseEnded, restoreAlerts } from './pending/raisePending.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/**
 * Tries transactions that stand in no block yet, where monitors want it and providers tell of them. It has nothing to do
 * with the cursor: what it finds rests on no block, ends when the transaction is mined, replaced or forgotten, and no
 * block is judged later or otherwise because of it.
 */
export type PendingLane = {
  /** Until the signal aborts. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

/** What it asks of providers in a second, at most. */
const perSecond = { hashes: 200, codes: 100 } as const
/** Between two turns, however much is told meanwhile. */
const restMs = 25
const lookEveryMs = 5_000

type Deps = Pick<WatchDeps, 'db' | 'client' | 'monitors' | 'raise' | 'clock' | 'onNote'>

export function createPendingLane(chain: Pick<WatchedChain, 'id' | 'name' | 'pollMs'>, deps: Deps): PendingLane {
  const { client } = deps
  const monitors = deps.monitors.filter(({ watch }) => watch.pending)
  const now = () => performance.now()
  const sleeper = createSleeper()
  const touch = createPendingTouch(monitors, now)
  const alerts = createPendingAlerts()
  const troubles = createPendingTroubles(chain, monitors, deps)
  const trials = createPendingTrials(deps, { monitors, touch, alerts, troubles })
  const inbox = createPendingInbox(touch, (transaction) => {
    if (alerts.isRival(transaction)) trials.replaces(transaction)
  })
  const budgets = { hashes: createBudget(perSecond.hashes, now), codes: createBudget(perSecond.codes, now) }
  let last: BlockHeader | undefined
  let lookedAt = 0
  let isRestored = false

  async function lookAfterAlerts(): Promise<void> {
    lookedAt = now()
    const { ended, back } = await alerts.look(client, lookedAt)
    for (const notice of back) inbox.toldAgain(notice)
    await raiseEnded(deps, ended)
  }

  async function turn(): Promise<void> {
    if (!isRestored) await restoreAlerts(chain.id, deps, monitors, alerts, now())
    isRestored = true
    await troubles.tell(inbox.takeLost())
    const { hashes, unknown, touching } = inbox.waiting()
    if (hashes + unknown + touching + trials.waiting() + alerts.size() === 0) return
    const head = await fetchHeader(client, 'latest')
    if (!head) return
    const isNew = head.hash !== last?.hash
    last = head
    const wanted = inbox.takeHashes(budgets.hashes.take(hashes))
    for (const notice of await fetchPending(client, wanted)) inbox.told(notice)
    const strange = inbox.takeUnknown(budgets.codes.take(inbox.waiting().unknown))
    await learnCodes(client, touch, head, strange)
    for (const transaction of strange) inbox.sort(transaction)
    await trials.run(head, isNew, inbox)
    if (isNew || now() - lookedAt >= lookEveryMs) await lookAfterAlerts()
  }

  return {
    async run(signal) {
      if (monitors.length === 0) return
      const sources = createPendingSources(client, now(), (notice) => {
        inbox.told(notice)
        sleeper.wake()
      })
      troubles.listen(sources)
      client.onHead(() => sleeper.wake())
      while (!signal.aborted) {
        try {
          await turn()
        } catch (error) {
          if (error instanceof RpcError) troubles.untriable(error.message)
          deps.onNote({ kind: 'trouble', error: explainQueryError(error) })
        }
        await createSleeper().sleep(restMs, signal)
        await sleeper.sleep(Math.max(restMs, Math.min(chain.pollMs, 1_000)), signal)
      }
    },
  }
}

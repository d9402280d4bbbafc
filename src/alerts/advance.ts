import { type AlertRow, lockDueAlerts, saveAlert, sightedBlocks } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { listFindings } from '../store/findings.ts'
import { notify } from '../store/notify.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller, type Teller } from './tell.ts'

/** Where a chain stands after a block. `finalized`: the newest block that cannot vanish any more. */
export type Progress = { chainId: number; blockNumber: number; finalized: number; at: Date; now: Date }

/** Alerts moved on in one block; what is left is moved on in the next. */
const alertsPerBlock = 500

/** Moves the alerts of a chain on as its blocks pass: confirmed, final, retracted, resolved, told of what joined them. */
export async function advance(tx: Connection, context: AlertContext, progress: Progress): Promise<void> {
  const { chainId, blockNumber, finalized, at, now } = progress
  const confirmedBelow = blockNumber - (context.chains.get(chainId)?.confirmations ?? 0)
  const due = await lockDueAlerts(tx, {
    chainId,
    at,
    confirmedBelow,
    finalBelow: finalized,
    tellBefore: new Date(at.getTime() - context.updateEverySeconds * 1000),
    limit: alertsPerBlock,
  })
  if (due.length === 0) return
  const moving = due.filter(({ stage }) => stage === 'provisional' || stage === 'confirmed')
  const sighted = await sightedBlocks(
    tx,
    moving.map(({ id }) => id),
  )
  const teller = createTeller(tx, context, { at, now })
  for (const alert of due) {
    const seen = sighted.get(alert.id)
    if (seen && seen.canonical === null) await retract(alert, at, teller)
    else if (seen?.canonical) settle(alert, seen.canonical, confirmedBelow, finalized)
    if (alert.state !== 'resolved') await resolveOrUpdate(tx, context, alert, at, teller)
    await saveAlert(tx, alert)
    await notify(tx, { kind: 'alert', id: alert.id })
  }
}

async function retract(alert: AlertRow, at: Date, teller: Teller): Promise<void> {
  const wasTold = alert.told > 0
  Object.assign(alert, {
    stage: 'retracted',
    state: 'resolved',
    resolvedAt: at,
    resolvedBecause: 'retracted by a reorg',
    untold: 0,
  })
  if (wasTold) await teller.tell(alert, 'retracted', {})
}

function settle(alert: AlertRow, firstBlock: number, confirmedBelow: number, finalized: number): void {
  alert.blockNumber = firstBlock
  if (firstBlock <= finalized) alert.stage = 'final'
  else if (firstBlock <= confirmedBelow) alert.stage = 'confirmed'
}

async function resolveOrUpdate(
  tx: Connection,
  context: AlertContext,
  alert: AlertRow,
  at: Date,
  teller: Teller,
): Promise<void> {
  if (alert.resolveAt && alert.resolveAt <= at) {
    const quiet = inWords(context.monitors.get(alert.monitor)?.resolveAfterSeconds ?? 0)
    Object.assign(alert, { state: 'resolved', resolvedAt: at, resolvedBecause: `nothing new for ${quiet}`, untold: 0 })
    if (alert.told > 0) await teller.tell(alert, 'resolved', {})
    return
  }
  const waitedMs = alert.toldAt ? at.getTime() - alert.toldAt.getTime() : Number.POSITIVE_INFINITY
  if (alert.untold === 0 || waitedMs < context.updateEverySeconds * 1000) return
  const [latest] = await listFindings(tx, alert.id, { limit: 1 })
  await teller.tell(alert, alert.told === 0 ? 'firing' : 'updated', latest?.facts ?? {})
}

function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

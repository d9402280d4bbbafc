import { type AlertRow, type DueBy, lockDueAlerts, saveAlerts } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { countStanding, findGravest, listFindings, type Standing } from '../store/findings.ts'
import { notify } from '../store/notify.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller, type Teller } from './tell.ts'

/**
 * Where a chain stands after a block. `finalized`: the newest block that cannot vanish any more. `agreed`: the newest
 * that enough providers agree on; left out where none need be asked.
 */
export type Progress = {
  chainId: number
  blockNumber: number
  finalized: number
  agreed?: number
  at: Date
  now: Date
}

/** Alerts moved on in one block for one reason; what is left is moved on in the next. */
const alertsPerBlock = 500

/** Moves the alerts of a chain on as its blocks pass: confirmed, final, retracted, resolved, told of what joined them. */
export async function advance(tx: Connection, context: AlertContext, progress: Progress): Promise<void> {
  const { chainId, blockNumber, finalized, agreed = Number.POSITIVE_INFINITY, at, now } = progress
  const confirmedBelow = Math.min(blockNumber - (context.chains.get(chainId)?.confirmations ?? 0), agreed)
  const by: DueBy = { at, confirmedBelow, finalBelow: Math.min(finalized, agreed) }
  const due = await lockDueAlerts(tx, { ...by, chainId, limit: alertsPerBlock })
  if (due.length === 0) return
  const shownBefore = new Map(due.map((alert) => [alert.id, shown(alert)]))
  const unsettled = due.filter(
    (alert) => alert.recountAt !== null || ['provisional', 'confirmed'].includes(alert.stage),
  )
  const standing = await countStanding(
    tx,
    unsettled.map(({ id }) => id),
  )
  const teller = createTeller(tx, context, { at, now })
  const diminished = new Map<AlertRow, number>()
  for (const alert of due) {
    const now = standing.get(alert.id)
    if (alert.recountAt !== null && alert.recountAt <= confirmedBelow) {
      const lost = await recount(tx, alert, now, at, teller)
      if (lost > 0) diminished.set(alert, lost)
    }
    settle(alert, now, by)
    if (alert.state !== 'resolved' && alert.resolveAt && alert.resolveAt <= at) resolve(alert, at, teller)
  }
  // Saved before anybody is told, so that what is over inhibits nobody.
  await saveAlerts(tx, due)
  const told = due.filter((alert) => isToBeTold(alert, at) || (diminished.has(alert) && alert.told > 0))
  for (const alert of told.filter(({ state }) => state !== 'resolved')) {
    const lost = diminished.get(alert)
    await teller.tell(alert, {
      kind: alert.told === 0 ? 'firing' : 'updated',
      newest: async () => (await listFindings(tx, alert.id, { limit: 1 }))[0],
      ...(lost ? { note: `A reorg took away ${lost === 1 ? 'one finding' : `${lost} findings`} of it.` } : {}),
    })
  }
  await saveAlerts(tx, told)
  await teller.send()
  const changed = due.filter((alert) => shown(alert) !== shownBefore.get(alert.id))
  await notify(tx, ...changed.map(({ id }) => ({ kind: 'alert' as const, id })))
}

/** What people see of an alert that may change here. */
function shown({ state, stage, severity, findings, told, mutedBecause, blockNumber }: AlertRow): string {
  return JSON.stringify([state, stage, severity, findings, told, mutedBecause, blockNumber])
}

function isToBeTold({ untold, tellAt }: AlertRow, at: Date): boolean {
  return untold > 0 && tellAt <= at
}

/**
 * The reorg that took sightings away is past: what has not been seen again is gone. An alert that rests on nothing any
 * more is retracted; another is as grave as what is left of it.
 * @returns How many findings are gone of an alert that goes on.
 */
async function recount(
  tx: Connection,
  alert: AlertRow,
  standing: Standing | undefined,
  at: Date,
  teller: Teller,
): Promise<number> {
  alert.recountAt = null
  const gravest = await findGravest(tx, alert.id)
  if (!standing || !gravest) {
    alert.stage = 'retracted'
    alert.untold = 0
    if (alert.state !== 'resolved') {
      Object.assign(alert, { state: 'resolved', resolvedAt: at, resolvedBecause: 'retracted by a reorg' })
    }
    teller.tellOutcome(alert, 'retracted')
    return 0
  }
  const lost = alert.findings - standing.findings
  if (lost <= 0) return 0
  alert.findings = standing.findings
  alert.untold = Math.min(alert.untold, standing.findings)
  const { severity, title, transactionHash } = gravest
  Object.assign(alert, { severity, title, transactionHash })
  return alert.state === 'resolved' ? 0 : lost
}

function settle(alert: AlertRow, standing: Standing | undefined, { confirmedBelow, finalBelow }: DueBy): void {
  if (alert.stage !== 'provisional' && alert.stage !== 'confirmed') return
  if (!standing || standing.firstBlock === null) {
    // What rests on no block cannot vanish; where sightings were lost, the recount decides.
    if (standing?.findings !== 0) alert.stage = 'final'
    return
  }
  alert.blockNumber = standing.firstBlock
  if (standing.firstBlock <= finalBelow) alert.stage = 'final'
  else if (standing.firstBlock <= confirmedBelow) alert.stage = 'confirmed'
}

function resolve(alert: AlertRow, at: Date, teller: Teller): void {
  const quietSeconds = Math.round((alert.resolveAt!.getTime() - alert.lastSeenAt.getTime()) / 1000)
  const resolvedBecause = `nothing new for ${inWords(quietSeconds)}`
  Object.assign(alert, { state: 'resolved', resolvedAt: at, resolvedBecause, untold: 0 })
  teller.tellOutcome(alert, 'resolved')
}

function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

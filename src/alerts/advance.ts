import { type AlertRow, type DueBy, lockDueAlerts } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { countStanding, findGravest, findNewest, type Standing } from '../store/findings.ts'
import type { AlertContext } from './alertContext.ts'
import type { Teller } from './tell.ts'

/**
 * Where a chain stands after a block. `finalized`: the newest block that cannot vanish any more. `agreed`: the newest
 * that enough providers agree on; left out where none need be asked.
 */
export type Progress = { chainId: number; blockNumber: number; finalized: number; agreed?: number }

/** Alerts moved on in one block for one reason; what is left is moved on in the next. */
const alertsPerBlock = 500

/**
 * Moves the alerts of a chain on as its blocks pass: confirmed, final, retracted, resolved, told of what joined them.
 * @param changed Receives them.
 * @returns Those to be saved; `visibly`: something has changed of it that people see.
 */
export async function advance(
  tx: Connection,
  context: AlertContext,
  { chainId, blockNumber, finalized, agreed = Number.POSITIVE_INFINITY, at }: Progress & { at: Date },
  { teller, changed }: { teller: Teller; changed: Map<string, AlertRow> },
): Promise<{ alert: AlertRow; visibly: boolean }[]> {
  const confirmedBelow = Math.min(blockNumber - (context.chains.get(chainId)?.confirmations ?? 0), agreed)
  const by: DueBy = { at, confirmedBelow, finalBelow: Math.min(finalized, agreed) }
  const due = await lockDueAlerts(tx, { ...by, chainId, limit: alertsPerBlock })
  if (due.length === 0) return []
  const shownBefore = new Map(due.map((alert) => [alert.id, shown(alert)]))
  const diminished = new Map<AlertRow, number>()
  const standing = await countStanding(tx, unsettled(due))
  for (const alert of due) {
    changed.set(alert.id, alert)
    const now = standing.get(alert.id)
    if (alert.recountAt !== null && alert.recountAt <= confirmedBelow) {
      const lost = await recount(tx, alert, now, at, teller)
      if (lost > 0) diminished.set(alert, lost)
    }
    settle(alert, now, by)
    if (alert.state !== 'resolved' && alert.resolveAt && alert.resolveAt <= at) resolve(alert, at, teller)
  }
  await tellOf(tx, due, { at, diminished, teller })
  return due.map((alert) => ({ alert, visibly: shown(alert) !== shownBefore.get(alert.id) }))
}

/** Ids of the alerts whose stage may change, or whose findings are to be counted anew. */
function unsettled(due: readonly AlertRow[]): string[] {
  return due.flatMap(({ id, stage, recountAt }) => {
    return recountAt !== null || stage === 'provisional' || stage === 'confirmed' ? [id] : []
  })
}

/** Tells what was put off about the alerts, and of those that a reorg took findings from. */
async function tellOf(
  tx: Connection,
  due: readonly AlertRow[],
  { at, diminished, teller }: { at: Date; diminished: ReadonlyMap<AlertRow, number>; teller: Teller },
): Promise<void> {
  const open = due.filter(({ state }) => state !== 'resolved')
  const told = open.filter((alert) => isToBeTold(alert, at) || (diminished.has(alert) && alert.told > 0))
  const newest = await findNewest(
    tx,
    told.map(({ id }) => id),
  )
  for (const alert of told) {
    const lost = diminished.get(alert)
    await teller.tell(alert, {
      kind: alert.told === 0 ? 'firing' : 'updated',
      newest: newest.get(alert.id),
      ...(lost ? { note: `A reorg took away ${lost === 1 ? 'one finding' : `${lost} findings`} of it.` } : {}),
    })
  }
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

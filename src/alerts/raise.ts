import { hash } from '../lib/hash.ts'
import type { Finding, Sighting } from '../model/finding.ts'
import { compareSeverity } from '../model/severity.ts'
import { type AlertRow, lockAlerts, lockOpenAlerts, saveAlert } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { findKnown, insertFindings, insertSightings, moveFindings } from '../store/findings.ts'
import { notify } from '../store/notify.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller, type Teller } from './tell.ts'

export type Raised = {
  /** A finding without a sighting is about Tocsin itself and not about a block. */
  sighted: readonly { finding: Finding; sighting: Sighting | null }[]
  /** Keys of alerts that are over, as their detector says. */
  cleared: readonly string[]
  /** Time of the block, or of the clock for what is not about a block. */
  at: Date
  now: Date
}

/** Stores findings, lets them join or open their alerts, and puts the messages into the outbox: all in `tx`. */
export async function raise(tx: Connection, context: AlertContext, raised: Raised): Promise<void> {
  const { sighted, cleared, at, now } = raised
  if (sighted.length === 0 && cleared.length === 0) return
  const distinct = [...new Map(sighted.map((item) => [item.finding.id, item])).values()]
  const known = await findKnown(
    tx,
    distinct.map(({ finding }) => finding.id),
  )
  const open = await lockOpenAlerts(tx, [...distinct.map(({ finding }) => finding.alertKey), ...cleared])
  const teller = createTeller(tx, context, { at, now })

  const again = distinct.filter(({ finding }) => known.has(finding.id))
  await welcomeBack(tx, { again, known, open, at, teller })
  const fresh = distinct.filter(({ finding }) => !known.has(finding.id))
  // The gravest first: it may inhibit the others.
  const groups = [...Map.groupBy(fresh, ({ finding }) => finding.alertKey)].toSorted(([, a], [, b]) => {
    return compareSeverity(gravestOf(b).severity, gravestOf(a).severity)
  })
  for (const [key, items] of groups) {
    const alert = await join(context, { alert: open.get(key), items, at, teller })
    open.set(key, alert)
    await saveAlert(tx, alert)
    await insertFindings(
      tx,
      items.map(({ finding }) => ({ finding, alertId: alert.id, createdAt: at })),
    )
    await notify(tx, { kind: 'alert', id: alert.id })
  }
  await insertSightings(
    tx,
    distinct.flatMap(({ sighting }) => sighting ?? []),
  )
  await teller.tellOfStorm()
  for (const key of cleared) await clear(tx, open.get(key), at, teller)
}

type Item = { finding: Finding; sighting: Sighting | null }

function gravestOf(items: Item[]): Finding {
  return items.map(({ finding }) => finding).toSorted((a, b) => compareSeverity(b.severity, a.severity))[0]!
}

/** Adds new findings to the open alert with their key, or opens one. */
async function join(
  context: AlertContext,
  { alert, items, at, teller }: { alert: AlertRow | undefined; items: Item[]; at: Date; teller: Teller },
): Promise<AlertRow> {
  const gravest = gravestOf(items)
  const resolveAfter = context.monitors.get(gravest.monitor)?.resolveAfterSeconds ?? null
  const resolveAt = resolveAfter === null ? null : new Date(at.getTime() + resolveAfter * 1000)
  if (!alert) {
    const opened = newAlert(items, gravest, at, resolveAt)
    await teller.tell(opened, 'firing', gravest.facts)
    return opened
  }
  const escalates = compareSeverity(gravest.severity, alert.severity) > 0
  alert.findings += items.length
  alert.untold += items.length
  alert.lastSeenAt = at
  alert.resolveAt = resolveAt
  if (escalates) {
    alert.severity = gravest.severity
    alert.title = gravest.title
    await teller.tell(alert, alert.told === 0 ? 'firing' : 'updated', gravest.facts)
  }
  return alert
}

function newAlert(items: Item[], gravest: Finding, at: Date, resolveAt: Date | null): AlertRow {
  const { sighting } = items.find(({ finding }) => finding === gravest)!
  return {
    id: hash('alert', gravest.alertKey, items[0]!.finding.id),
    key: gravest.alertKey,
    monitor: gravest.monitor,
    detector: gravest.detector,
    chainId: gravest.chainId,
    address: gravest.address,
    severity: gravest.severity,
    title: gravest.title,
    state: 'firing',
    stage: sighting ? 'provisional' : 'final',
    findings: items.length,
    firstSeenAt: at,
    lastSeenAt: at,
    blockNumber: sighting?.blockNumber ?? null,
    transactionHash: gravest.transactionHash,
    resolveAt,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
    resolvedBecause: null,
    mutedBecause: null,
    told: 0,
    toldAt: null,
    untold: items.length,
  }
}

/** Findings that are seen again after a reorg. Where that had retracted their alert, it fires again. */
async function welcomeBack(
  tx: Connection,
  {
    again,
    known,
    open,
    at,
    teller,
  }: { again: Item[]; known: Map<string, string>; open: Map<string, AlertRow>; at: Date; teller: Teller },
): Promise<void> {
  const ids = new Set(again.map(({ finding }) => known.get(finding.id)!))
  for (const alert of await lockAlerts(tx, [...ids])) {
    const own = again.filter(({ finding }) => known.get(finding.id) === alert.id)
    const successor = open.get(alert.key)
    if (alert.stage === 'retracted' && successor) {
      await moveFindings(
        tx,
        own.map(({ finding }) => finding.id),
        successor.id,
      )
      successor.findings += own.length
      successor.untold += own.length
      await saveAlert(tx, successor)
    } else if (alert.stage === 'retracted') {
      Object.assign(alert, {
        state: 'firing',
        stage: 'provisional',
        resolvedAt: null,
        resolvedBecause: null,
        lastSeenAt: at,
      })
      alert.blockNumber = own[0]!.sighting?.blockNumber ?? alert.blockNumber
      open.set(alert.key, alert)
      await teller.tell(alert, 'firing', own[0]!.finding.facts)
      await saveAlert(tx, alert)
      await notify(tx, { kind: 'alert', id: alert.id })
    }
  }
}

async function clear(tx: Connection, alert: AlertRow | undefined, at: Date, teller: Teller): Promise<void> {
  if (!alert || alert.state === 'resolved') return
  Object.assign(alert, {
    state: 'resolved',
    resolvedAt: at,
    resolvedBecause: 'its condition does not hold any more',
    untold: 0,
  })
  if (alert.told > 0) await teller.tell(alert, 'resolved', {})
  await saveAlert(tx, alert)
  await notify(tx, { kind: 'alert', id: alert.id })
}

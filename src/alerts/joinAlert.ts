import { hash } from '../lib/hash.ts'
import type { Finding, Sighting } from '../model/finding.ts'
import { compareSeverity } from '../model/severity.ts'
import type { AlertRow } from '../store/alerts.ts'

/** A finding and where it was seen; null: it is about no block. */
export type Item = { finding: Finding; sighting: Sighting | null }

/** The findings of one block that join one alert, at least one. `at`: time of the block. */
export type Joining = { items: readonly Item[]; at: Date; resolveAfterSeconds: number | null }

/** The first of the gravest. */
export function gravestOf(items: readonly Item[]): Item {
  return items.reduce((gravest, item) =>
    compareSeverity(item.finding.severity, gravest.finding.severity) > 0 ? item : gravest,
  )
}

/** A new alert, of which nobody has been told. */
export function openAlert(joining: Joining): AlertRow {
  const { items, at } = joining
  const { finding } = gravestOf(items)
  return {
    id: hash('alert', finding.alertKey, items[0]!.finding.id),
    key: finding.alertKey,
    monitor: finding.monitor,
    detector: finding.detector,
    chainId: finding.chainId,
    address: finding.address,
    firstSeenAt: at,
    ...fired(joining),
    told: 0,
    toldAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
  }
}

/** Lets an alert fire again that was over when a finding came back that a reorg had taken away from it. */
export function reopenAlert(alert: AlertRow, joining: Joining): void {
  const others = alert.stage === 'retracted' ? 0 : alert.findings
  Object.assign(alert, fired(joining), {
    findings: others + joining.items.length,
    acknowledgedBy: null,
    acknowledgedAt: null,
  })
}

/**
 * Adds findings to an open alert.
 * @returns True: it has become graver, so that people must hear of it at once.
 */
export function joinAlert(alert: AlertRow, { items, at, resolveAfterSeconds }: Joining): boolean {
  const { severity, title, transactionHash } = gravestOf(items).finding
  alert.findings += items.length
  alert.untold += items.length
  // The head may have been looked at before what is older was read.
  if (at < alert.firstSeenAt) alert.firstSeenAt = at
  if (at >= alert.lastSeenAt) Object.assign(alert, { lastSeenAt: at, resolveAt: later(at, resolveAfterSeconds) })
  if (compareSeverity(severity, alert.severity) <= 0) return false
  Object.assign(alert, { severity, title, transactionHash })
  return true
}

function fired({ items, at, resolveAfterSeconds }: Joining) {
  const { finding, sighting } = gravestOf(items)
  return {
    severity: finding.severity,
    title: finding.title,
    state: 'firing',
    stage: sighting ? 'provisional' : 'final',
    findings: items.length,
    untold: items.length,
    lastSeenAt: at,
    blockNumber: sighting?.blockNumber ?? null,
    transactionHash: finding.transactionHash,
    resolveAt: later(at, resolveAfterSeconds),
    resolvedAt: null,
    resolvedBecause: null,
    mutedBecause: null,
    tellAt: at,
    recountAt: null,
  } as const
}

function later(at: Date, seconds: number | null): Date | null {
  return seconds === null ? null : new Date(at.getTime() + seconds * 1000)
}

import { compareSeverity } from '../model/severity.ts'
import { type AlertRow, clearedByDetector, lockAlerts, lockOpenAlerts } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'
import { findKnown, moveFindings } from '../store/findings.ts'
import { saveFindings } from '../store/saveFindings.ts'
import { saveNews } from '../store/saveNews.ts'
import { advance, type Progress } from './advance.ts'
import type { AlertContext } from './alertContext.ts'
import { gravestOf, type Item, joinAlert, openAlert, reopenAlert } from './joinAlert.ts'
import { createTeller, type Teller } from './tell.ts'

export type Raised = {
  /** A finding without a sighting is about Tocsin itself and not about a block. */
  sighted: readonly Item[]
  /** Keys of alerts that are over, as their detector says. */
  cleared: readonly string[]
  /** Alerts that are over, each with the reason that people are told. */
  ended?: readonly { key: string; because: string }[]
  /** Time of the block, or of the clock for what is not about a block. */
  at: Date
  now: Date
  /** Where the chain stands now; absent for what is not about a block. */
  progress?: Progress
}

/**
 * Stores findings, lets them join or open their alerts, moves on the alerts of the chain for which it is time, and puts
 * the messages into the outbox: all in `tx`.
 */
export async function raise(tx: Connection, context: AlertContext, raised: Raised): Promise<void> {
  const { at, now, progress } = raised
  const changed = new Map<string, AlertRow>()
  const teller = createTeller(tx, context, { at, now, changed })
  await join(tx, context, raised, { teller, changed })
  const joined = [...changed.keys()]
  const moved = progress ? await advance(tx, context, { ...progress, at }, { teller, changed }) : []
  const seen = new Set([...joined, ...moved.flatMap(({ alert, visibly }) => (visibly ? [alert.id] : []))])
  await saveNews(tx, {
    alerts: moved.map(({ alert }) => alert),
    messages: await teller.messages(),
    changes: [...seen].map((id) => ({ kind: 'alert', id })),
  })
}

/** Stores findings and the alerts that they join or open, and those that they end. */
async function join(
  tx: Connection,
  context: AlertContext,
  { sighted, cleared, ended = [], at }: Raised,
  { teller, changed }: { teller: Teller; changed: Map<string, AlertRow> },
): Promise<void> {
  const over = [...cleared.map((key) => ({ key, because: clearedByDetector })), ...ended]
  if (sighted.length === 0 && over.length === 0) return
  const items = [...new Map(sighted.map((item) => [item.finding.id, item])).values()]
  const past = await lookUp(
    tx,
    items,
    over.map(({ key }) => key),
  )
  const ids = new Map<string, string>()

  for (const { key, group } of groupsOf(items, past)) {
    const alert = await enter(context, { key, group, past, at, teller })
    past.open.set(key, alert)
    changed.set(alert.id, alert)
    for (const item of group) ids.set(item.finding.id, alert.id)
  }
  for (const alert of await tellOverdue(items, past, at, teller)) changed.set(alert.id, alert)
  for (const { key, because: resolvedBecause } of over) {
    const alert = past.open.get(key)
    if (!alert || alert.state === 'resolved') continue
    Object.assign(alert, { state: 'resolved', resolvedAt: at, resolvedBecause, untold: 0 })
    teller.tellOutcome(alert, 'resolved')
    changed.set(alert.id, alert)
  }
  await saveFindings(tx, {
    fresh: items.flatMap(({ finding }) => {
      const alertId = past.known.has(finding.id) ? undefined : ids.get(finding.id)
      return alertId === undefined ? [] : [{ finding, alertId, createdAt: at }]
    }),
    seen: items.flatMap(({ sighting }) => sighting ?? []),
    alerts: [...changed.values()],
  })
  await moveBack(tx, past, ids)
}

/** What the database knows of the findings of a block and of their alerts, which are locked. */
type Past = {
  known: ReadonlyMap<string, { alertId: string; standing: boolean }>
  /** Alerts of findings that a reorg took away and that are back, by id. */
  owners: ReadonlyMap<string, AlertRow>
  /** Open alerts by key. */
  open: Map<string, AlertRow>
}

async function lookUp(tx: Connection, items: readonly Item[], cleared: readonly string[]): Promise<Past> {
  const known = await findKnown(
    tx,
    items.map(({ finding }) => finding.id),
  )
  const lost = [...known.values()].filter(({ standing }) => !standing)
  const owners = await lockAlerts(
    tx,
    lost.map(({ alertId }) => alertId),
  )
  const keys = [...items.map(({ finding }) => finding.alertKey), ...owners.map(({ key }) => key), ...cleared]
  const open = await lockOpenAlerts(tx, keys)
  // An alert is one object, by whichever way it was found.
  const ownersById = owners.map((owner) => {
    const same = open.get(owner.key)
    return [owner.id, same?.id === owner.id ? same : owner] as const
  })
  return { known, owners: new Map(ownersById), open }
}

/** The alert of a finding that a reorg took away and that is back; undefined for any other. */
function ownerOf({ finding }: Item, { known, owners }: Past): AlertRow | undefined {
  const before = known.get(finding.id)
  return before?.standing === false ? owners.get(before.alertId) : undefined
}

/** What is new, by the key of the alert to join; the gravest first, as it may inhibit the others. */
function groupsOf(items: readonly Item[], past: Past): { key: string; group: Item[] }[] {
  const news = items.filter((item) => {
    if (!past.known.has(item.finding.id)) return true
    // As long as the findings are still to be counted anew, one that comes back was never missed.
    const owner = ownerOf(item, past)
    return owner !== undefined && (owner.stage === 'retracted' || owner.recountAt === null)
  })
  const groups = Map.groupBy(news, (item) => ownerOf(item, past)?.key ?? item.finding.alertKey)
  const severityOf = (group: Item[]) => gravestOf(group).finding.severity
  return [...groups]
    .map(([key, group]) => ({ key, group }))
    .toSorted((a, b) => compareSeverity(severityOf(b.group), severityOf(a.group)))
}

/** Lets findings join the open alert with their key, or the one that they had joined before a reorg, or a new one. */
async function enter(
  context: AlertContext,
  { key, group, past, at, teller }: { key: string; group: Item[]; past: Past; at: Date; teller: Teller },
): Promise<AlertRow> {
  const { finding } = gravestOf(group)
  const resolveAfterSeconds = context.monitors.get(finding.monitor)?.resolveAfterSeconds ?? null
  const joining = { items: group, at, resolveAfterSeconds }
  const joined = past.open.get(key)
  if (joined) {
    const escalates = joinAlert(joined, joining)
    if (escalates) await teller.tell(joined, { kind: joined.told === 0 ? 'firing' : 'updated', newest: finding })
    return joined
  }
  const former = group.map((item) => ownerOf(item, past)).find((owner) => owner !== undefined)
  if (former) reopenAlert(former, joining)
  const alert = former ?? openAlert(joining)
  await teller.tell(alert, { kind: 'firing', newest: finding })
  return alert
}

/** A trouble of our own that lasts may be the only thing that still moves: what was put off about it is told here. */
async function tellOverdue(items: readonly Item[], past: Past, at: Date, teller: Teller): Promise<AlertRow[]> {
  const lasting = items.filter(({ finding, sighting }) => sighting === null && past.known.has(finding.id))
  const overdue = lasting.flatMap(({ finding }) => {
    const alert = past.open.get(finding.alertKey)
    return alert && alert.untold > 0 && alert.tellAt <= at ? [{ alert, finding }] : []
  })
  for (const { alert, finding } of overdue) {
    await teller.tell(alert, { kind: alert.told === 0 ? 'firing' : 'updated', newest: finding })
  }
  return overdue.map(({ alert }) => alert)
}

/** Moves findings that come back from a retracted alert to where they joined now. @param joined Alert by finding. */
async function moveBack(tx: Connection, { known }: Past, joined: ReadonlyMap<string, string>): Promise<void> {
  const moved = [...joined].filter(([id, alertId]) => (known.get(id)?.alertId ?? alertId) !== alertId)
  for (const [alertId, group] of Map.groupBy(moved, ([, alertId]) => alertId)) {
    await moveFindings(
      tx,
      group.map(([id]) => id),
      alertId,
    )
  }
}

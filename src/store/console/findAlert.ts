import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Alert } from '../../model/alert.ts'
import type { Finding, Sighting } from '../../model/finding.ts'
import type { MessageKind } from '../../model/message.ts'
import type { Connection } from '../database.ts'
import { alerts, findings, messages, sightings } from '../schema.ts'
import { alertColumns } from './listAlerts.ts'

/** What became of one message on its way to people. Its text stays where it is. */
export type Delivery = {
  id: string
  alertId: string | null
  channel: string
  kind: MessageKind
  title: string
  state: 'waiting' | 'sent' | 'dead'
  attempts: number
  lastError: string | null
  createdAt: Date
  /** When it is tried again, where it waits. */
  dueAt: Date
  sentAt: Date | null
}

export type SeenFinding = Omit<Finding, 'alertKey'> & {
  createdAt: Date
  /** Newest block first; orphaned ones too. */
  sightings: (Omit<Sighting, 'findingId' | 'chainId'> & { canonical: boolean })[]
}

export type AlertDetail = {
  alert: Alert & { acknowledgedAt: Date | null }
  /** The newest, at most 50; `alert.findings` counts all. */
  findings: SeenFinding[]
  /** The newest, at most 100. */
  deliveries: Delivery[]
  /** What the newest message says to do. */
  advice: string | null
}

export const deliveryColumns = {
  id: messages.id,
  alertId: messages.alertId,
  channel: messages.channel,
  kind: messages.kind,
  content: messages.content,
  state: messages.state,
  attempts: messages.attempts,
  lastError: messages.lastError,
  createdAt: messages.createdAt,
  dueAt: messages.dueAt,
  sentAt: messages.sentAt,
}

/** An alert with what it rests on and who was told. Undefined: no alert has this id. */
export async function findAlert(db: Connection, id: string): Promise<AlertDetail | undefined> {
  const [alert] = await db
    .select({ ...alertColumns, acknowledgedAt: alerts.acknowledgedAt })
    .from(alerts)
    .where(eq(alerts.id, id))
  if (!alert) return undefined
  const told = await db
    .select(deliveryColumns)
    .from(messages)
    .where(eq(messages.alertId, id))
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(100)
  return {
    alert,
    findings: await newestFindings(db, id),
    deliveries: told.map(({ content, ...delivery }) => ({ ...delivery, title: content.title })),
    advice: told[0]?.content.advice ?? null,
  }
}

async function newestFindings(db: Connection, alertId: string): Promise<SeenFinding[]> {
  const rows = await db
    .select()
    .from(findings)
    .where(eq(findings.alertId, alertId))
    .orderBy(desc(findings.createdAt), desc(findings.id))
    .limit(50)
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const seen = await db
    .select()
    .from(sightings)
    .where(and(inArray(sightings.findingId, ids)))
    .orderBy(desc(sightings.blockNumber))
    .limit(500)
  return rows.map(({ alertId: _, ...finding }) => ({
    ...finding,
    sightings: seen
      .filter(({ findingId }) => findingId === finding.id)
      .map(({ findingId: _finding, chainId: _chain, ...sighting }) => sighting),
  }))
}

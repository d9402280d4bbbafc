import { and, desc, eq, gte, lt, ne, or, type SQL } from 'drizzle-orm'
import type { Alert, AlertState } from '../../model/alert.ts'
import { KnownError } from '../../model/error.ts'
import type { Severity } from '../../model/severity.ts'
import type { Connection } from '../database.ts'
import { alerts } from '../schema.ts'

/** The columns that make an `Alert`; the others are the outbox's bookkeeping. */
export const alertColumns = {
  id: alerts.id,
  key: alerts.key,
  monitor: alerts.monitor,
  detector: alerts.detector,
  chainId: alerts.chainId,
  address: alerts.address,
  severity: alerts.severity,
  title: alerts.title,
  state: alerts.state,
  stage: alerts.stage,
  findings: alerts.findings,
  firstSeenAt: alerts.firstSeenAt,
  lastSeenAt: alerts.lastSeenAt,
  blockNumber: alerts.blockNumber,
  transactionHash: alerts.transactionHash,
  acknowledgedBy: alerts.acknowledgedBy,
  resolvedAt: alerts.resolvedAt,
  resolvedBecause: alerts.resolvedBecause,
  mutedBecause: alerts.mutedBecause,
}

/** Every field left out matches all. */
export type AlertFilter = {
  /** `open`: firing or acknowledged. */
  state?: AlertState | 'open' | undefined
  severity?: Severity | undefined
  chainId?: number | undefined
  monitor?: string | undefined
  /** Only alerts seen at this time or later. */
  since?: Date | undefined
}

/** One page, the alert seen last first. `next` names the page after it; null: there is none. */
export type AlertPage = { alerts: Alert[]; next: string | null }

/**
 * @param after `next` of the page before.
 * @throws {KnownError} `invalid`: `after` is not from here.
 */
export async function listAlerts(
  db: Connection,
  { filter = {}, after, limit }: { filter?: AlertFilter; after?: string | undefined; limit: number },
): Promise<AlertPage> {
  const rows: Alert[] = await db
    .select(alertColumns)
    .from(alerts)
    .where(and(...conditions(filter), after === undefined ? undefined : isAfter(after)))
    .orderBy(desc(alerts.lastSeenAt), desc(alerts.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { alerts: page, next: rows.length > limit && last ? `${last.lastSeenAt.getTime()}.${last.id}` : null }
}

function conditions({ state, severity, chainId, monitor, since }: AlertFilter): (SQL | undefined)[] {
  return [
    state === 'open' ? ne(alerts.state, 'resolved') : state && eq(alerts.state, state),
    severity && eq(alerts.severity, severity),
    chainId === undefined ? undefined : eq(alerts.chainId, chainId),
    monitor === undefined ? undefined : eq(alerts.monitor, monitor),
    since && gte(alerts.lastSeenAt, since),
  ]
}

function isAfter(cursor: string): SQL | undefined {
  const [, time, id] = /^(\d{1,15})\.(.{1,200})$/.exec(cursor) ?? []
  if (time === undefined || id === undefined)
    throw new KnownError('invalid', `"${cursor.slice(0, 80)}" names no page of alerts.`, {
      hints: ['Pass on `next` of the page before, as it is.'],
    })
  const at = new Date(Number(time))
  return or(lt(alerts.lastSeenAt, at), and(eq(alerts.lastSeenAt, at), lt(alerts.id, id)))
}

import { count, ne } from 'drizzle-orm'
import type { Severity } from '../../model/severity.ts'
import type { Connection } from '../database.ts'
import { alerts, messages } from '../schema.ts'
import { isMuted } from './isMuted.ts'

export type Counts = {
  /** Firing alerts that nobody meant to keep quiet, by severity; a severity without any is left out. */
  firing: Partial<Record<Severity, number>>
  acknowledged: number
  /** Firing alerts that are kept quiet on purpose. */
  muted: number
  /** Messages that are still to be delivered, and those given up. */
  waitingMessages: number
  deadMessages: number
}

export async function countAlerts(db: Connection): Promise<Counts> {
  const open = await db
    .select({ state: alerts.state, severity: alerts.severity, muted: isMuted, number: count() })
    .from(alerts)
    .where(ne(alerts.state, 'resolved'))
    .groupBy(alerts.state, alerts.severity, isMuted)
  const outbox = await db
    .select({ state: messages.state, number: count() })
    .from(messages)
    .where(ne(messages.state, 'sent'))
    .groupBy(messages.state)

  const firing: Counts['firing'] = {}
  for (const row of open) if (row.state === 'firing' && !row.muted) firing[row.severity] = row.number
  const sum = (rows: { number: number }[]) => rows.reduce((total, { number }) => total + number, 0)
  return {
    firing,
    acknowledged: sum(open.filter(({ state }) => state === 'acknowledged')),
    muted: sum(open.filter((row) => row.state === 'firing' && row.muted)),
    waitingMessages: sum(outbox.filter(({ state }) => state === 'waiting')),
    deadMessages: sum(outbox.filter(({ state }) => state === 'dead')),
  }
}

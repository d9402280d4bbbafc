import { asc, desc, ne, sql } from 'drizzle-orm'
import type { Alert } from '../../model/alert.ts'
import { severities } from '../../model/severity.ts'
import type { Connection } from '../database.ts'
import { alerts } from '../schema.ts'
import { isMuted } from './isMuted.ts'
import { alertColumns } from './listAlerts.ts'

const severity = sql`array_position(${sql.raw(`array['${severities.join("','")}']`)}, ${alerts.severity})`

/**
 * Firing and acknowledged alerts in the order in which a person should look at them: those that are not kept
 * quiet on purpose first, firing before acknowledged, the gravest first, then the one seen last. At most `limit`, so that what is cut
 * off is what matters least.
 */
export async function listOpenAlerts(db: Connection, { limit }: { limit: number }): Promise<Alert[]> {
  return db
    .select(alertColumns)
    .from(alerts)
    .where(ne(alerts.state, 'resolved'))
    .orderBy(asc(isMuted), desc(alerts.state), desc(severity), desc(alerts.lastSeenAt), asc(alerts.id))
    .limit(limit)
}

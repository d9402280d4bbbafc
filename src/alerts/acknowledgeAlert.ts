import { type AlertRow, moveAlert } from '../store/alerts.ts'
import type { Database } from '../store/database.ts'
import { saveNews } from '../store/saveNews.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller } from './tell.ts'
import { whyNotMoved } from './whyNotMoved.ts'

/**
 * Somebody takes an alert on; those who were told are told so.
 * @throws {KnownError} There is no such alert, or it is acknowledged or over.
 */
export async function acknowledgeAlert(
  db: Database,
  context: AlertContext,
  { id, by, now }: { id: string; by: string; now: Date },
): Promise<AlertRow> {
  return db.transaction(async (tx) => {
    const to = { state: 'acknowledged', acknowledgedBy: by, acknowledgedAt: now } as const
    const alert = await moveAlert(tx, { id, from: ['firing'], to })
    if (!alert) throw await whyNotMoved(tx, id, to.state)
    const teller = createTeller(tx, context, { at: now, now })
    teller.tellOutcome(alert, 'acknowledged')
    await saveNews(tx, { alerts: [alert], messages: await teller.messages(), changes: [{ kind: 'alert', id }] })
    return alert
  })
}

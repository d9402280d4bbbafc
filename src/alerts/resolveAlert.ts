import { type AlertRow, moveAlert } from '../store/alerts.ts'
import type { Database } from '../store/database.ts'
import { saveNews } from '../store/saveNews.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller } from './tell.ts'
import { whyNotMoved } from './whyNotMoved.ts'

/**
 * Somebody says that an alert is over; those who were told are told so.
 * @throws {KnownError} There is no such alert, or it is over already.
 */
export async function resolveAlert(
  db: Database,
  context: AlertContext,
  { id, by, reason, now }: { id: string; by: string; reason: string; now: Date },
): Promise<AlertRow> {
  return db.transaction(async (tx) => {
    const to = { state: 'resolved', resolvedAt: now, resolvedBecause: `${by}: ${reason}`, untold: 0 } as const
    const alert = await moveAlert(tx, { id, from: ['firing', 'acknowledged'], to })
    if (!alert) throw await whyNotMoved(tx, id, to.state)
    const teller = createTeller(tx, context, { at: now, now })
    teller.tellOutcome(alert, 'resolved')
    await saveNews(tx, { alerts: [alert], messages: await teller.messages(), changes: [{ kind: 'alert', id }] })
    return alert
  })
}

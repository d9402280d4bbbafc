import { KnownError } from '../model/error.ts'
import { type AlertRow, findAlert, moveAlert, saveAlert } from '../store/alerts.ts'
import type { Database } from '../store/database.ts'
import { notify } from '../store/notify.ts'
import type { AlertContext } from './alertContext.ts'
import { createTeller } from './tell.ts'

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
    if (!alert) throw notFrom(await findAlert(tx, id), id, 'acknowledged')
    if (alert.told > 0) await createTeller(tx, context, { at: now, now }).tell(alert, 'acknowledged', {})
    await saveAlert(tx, alert)
    await notify(tx, { kind: 'alert', id })
    return alert
  })
}

/** Why an alert cannot get into a state. */
export function notFrom(alert: AlertRow | undefined, id: string, wanted: string): KnownError {
  if (!alert) return new KnownError('not_found', `There is no alert ${id}.`)
  const whose = alert.acknowledgedBy && alert.state === 'acknowledged' ? ` by ${alert.acknowledgedBy}` : ''
  return new KnownError('conflict', `Alert ${id} is ${alert.state}${whose}, so it cannot be ${wanted}.`)
}

import type { AlertState } from '../model/alert.ts'
import { KnownError } from '../model/error.ts'
import { findAlert } from '../store/alerts.ts'
import type { Connection } from '../store/database.ts'

/** Why an alert cannot get into a state: there is none, or somebody was faster. */
export async function whyNotMoved(db: Connection, id: string, wanted: AlertState): Promise<KnownError> {
  const alert = await findAlert(db, id)
  if (!alert) return new KnownError('not_found', `There is no alert ${id.slice(0, 64)}.`)
  const { state, acknowledgedBy, resolvedBecause } = alert
  const how =
    state === 'acknowledged'
      ? ` by ${acknowledgedBy}`
      : state === 'resolved' && resolvedBecause
        ? ` (${resolvedBecause})`
        : ''
  return new KnownError('conflict', `Alert ${id} is already ${state}${how}, so it cannot be ${wanted}.`)
}

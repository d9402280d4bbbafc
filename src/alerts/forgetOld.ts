import type { Database } from '../store/database.ts'
import { deleteOldAlerts, deleteOldFindings, deleteOldMessages, deleteOldSilences } from '../store/forget.ts'

export type Forgotten = { alerts: number; findings: number; messages: number; silences: number }

/** Rows that one transaction deletes, so that none holds locks for long. */
const rowsPerBatch = 1000

/**
 * Deletes what is older than the config wants it kept: resolved alerts with their findings, messages, silences that
 * have ended. What belongs to an open alert stays, however old.
 */
export async function forgetOld(
  db: Database,
  {
    findingsSeconds,
    messagesSeconds,
    now,
    signal,
  }: { findingsSeconds: number; messagesSeconds: number; now: Date; signal?: AbortSignal },
): Promise<Forgotten> {
  const findingsBefore = new Date(now.getTime() - findingsSeconds * 1000)
  const messagesBefore = new Date(now.getTime() - messagesSeconds * 1000)
  const inBatches = async (deleteBatch: (before: Date, limit: number) => Promise<number>, before: Date) => {
    let all = 0
    while (!signal?.aborted) {
      const deleted = await deleteBatch(before, rowsPerBatch)
      all += deleted
      if (deleted < rowsPerBatch) break
    }
    return all
  }
  return {
    messages: await inBatches((before, limit) => deleteOldMessages(db, before, limit), messagesBefore),
    // Before their alerts: where the work breaks off, no finding is left without an alert.
    findings: await inBatches((before, limit) => deleteOldFindings(db, before, limit), findingsBefore),
    alerts: await inBatches((before, limit) => deleteOldAlerts(db, before, limit), findingsBefore),
    silences: await inBatches((before, limit) => deleteOldSilences(db, before, limit), findingsBefore),
  }
}

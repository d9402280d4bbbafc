import { KnownError } from '../model/error.ts'
import { hurryMuted } from '../store/alerts.ts'
import type { Database } from '../store/database.ts'
import { notify } from '../store/notify.ts'
import { endSilenceAt } from '../store/silences.ts'

/**
 * Ends a silence before its time; what it kept from people and still fires is told with the next block.
 * @throws {KnownError} It has ended, or there is none.
 */
export async function endSilence(db: Database, { id, now }: { id: string; now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await endSilenceAt(tx, id, now))) {
      throw new KnownError('not_found', `There is no silence ${id.slice(0, 64)} that still lasts.`)
    }
    await hurryMuted(tx)
    await notify(tx, { kind: 'silence', id })
  })
}

import { KnownError } from '../model/error.ts'
import type { Connection } from '../store/database.ts'
import { notify } from '../store/notify.ts'
import { endSilenceAt } from '../store/silences.ts'

/** Ends a silence before its time. @throws {KnownError} It has ended, or there is none. */
export async function endSilence(db: Connection, { id, now }: { id: string; now: Date }): Promise<void> {
  if (!(await endSilenceAt(db, id, now)))
    throw new KnownError('not_found', `There is no silence ${id} that still lasts.`)
  await notify(db, { kind: 'silence', id })
}

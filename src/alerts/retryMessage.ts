import { KnownError } from '../model/error.ts'
import type { Database } from '../store/database.ts'
import { findMessage, reviveMessage } from '../store/messages.ts'
import { notify } from '../store/notify.ts'

/**
 * Tries a message that was given up once more, and again and again as if it were new.
 * @throws {KnownError} There is no such message, or it was not given up.
 */
export async function retryMessage(db: Database, { id, now }: { id: string; now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await reviveMessage(tx, id, now))) {
      const message = await findMessage(tx, id)
      if (!message) throw new KnownError('not_found', `There is no message ${id.slice(0, 64)}.`)
      throw new KnownError('conflict', `Message ${id} was not given up: it is ${message.state}.`)
    }
    await notify(tx, { kind: 'message', id })
  })
}

import { randomUUID } from 'node:crypto'
import { KnownError } from '../model/error.ts'
import type { Silence } from '../model/route.ts'
import type { Connection } from '../store/database.ts'
import { notify } from '../store/notify.ts'
import { insertSilence } from '../store/silences.ts'

/** A silence that lasts longer is a decision about the config. */
const daysMax = 30

/**
 * Keeps alerts from telling anybody, until an end and for a reason.
 * @throws {KnownError} No reason, no field to match by, or an end that is past or more than 30 days away.
 */
export async function createSilence(
  db: Connection,
  { now, ...wanted }: Omit<Silence, 'id' | 'createdAt'> & { now: Date },
): Promise<Silence> {
  const days = (wanted.endsAt.getTime() - now.getTime()) / 86_400_000
  const hints: string[] = []
  if (wanted.reason.trim() === '') hints.push('Write why, for those who ask in the night.')
  if (Object.values(wanted.match).every((list) => list === undefined || list.length === 0)) {
    hints.push('Name at least a monitor, a contract or a severity: a silence over everything hides everything.')
  }
  if (!(days > 0 && days <= daysMax)) hints.push(`Choose an end within the next ${daysMax} days.`)
  if (hints.length > 0) throw new KnownError('invalid', 'This silence cannot be made.', { hints })
  const silence: Silence = { ...wanted, id: randomUUID(), createdAt: now }
  await insertSilence(db, silence)
  await notify(db, { kind: 'silence', id: silence.id })
  return silence
}

import { and, eq, gt } from 'drizzle-orm'
import type { Silence } from '../model/route.ts'
import type { Connection } from './database.ts'
import { silences } from './schema.ts'

/** Silences that have not ended. */
export async function listActiveSilences(db: Connection, now: Date): Promise<Silence[]> {
  return db.select().from(silences).where(gt(silences.endsAt, now)).orderBy(silences.endsAt).limit(1000)
}

export async function insertSilence(db: Connection, silence: Silence): Promise<void> {
  await db.insert(silences).values(silence)
}

/** Ends a silence now. False: there is none with this id, or it had ended. */
export async function endSilenceAt(db: Connection, id: string, now: Date): Promise<boolean> {
  const ended = await db
    .update(silences)
    .set({ endsAt: now })
    .where(and(eq(silences.id, id), gt(silences.endsAt, now)))
  return ended.rowCount === 1
}

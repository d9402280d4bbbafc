import { asc, gt } from 'drizzle-orm'
import type { Silence } from '../../model/route.ts'
import type { Connection } from '../database.ts'
import { silences } from '../schema.ts'

/** Silences that hold at `now`, the one that ends first at the top; at most `limit`. */
export async function listSilences(db: Connection, { now, limit }: { now: Date; limit: number }): Promise<Silence[]> {
  return db.select().from(silences).where(gt(silences.endsAt, now)).orderBy(asc(silences.endsAt)).limit(limit)
}

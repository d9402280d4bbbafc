import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Connection } from './database.ts'
import { insertInto } from './insertInto.ts'
import { isAmong } from './isAmong.ts'
import { runTogether } from './runTogether.ts'
import { blindness } from './schema.ts'

/** Name that stands for all monitors of a chain. */
export const wholeChain = '*'

export type Blindness = typeof blindness.$inferSelect

export async function listBlindness(db: Connection): Promise<Blindness[]> {
  return db.select().from(blindness).orderBy(blindness.since)
}

/** Notes why monitors, by name, could not look; of one that could until now, since when. */
export async function noteBlindness(
  db: Connection,
  {
    chainId,
    reasons,
    at,
    block,
    since = at,
  }: { chainId: number; reasons: ReadonlyMap<string, string>; at: Date; block: number | null; since?: Date },
): Promise<void> {
  const rows = [...reasons].map(([monitor, reason]) => {
    return { chainId, monitor, reason, since, sinceBlock: block, lastAt: at }
  })
  const stillBlind = sql`(chain_id, monitor) do update
    set reason = excluded.reason, last_at = excluded.last_at, blocks = blindness.blocks + 1`
  await runTogether(db, insertInto(blindness, rows, stillBlind))
}

/** Since when a monitor has been blind; undefined: it sees. */
export async function findBlindSince(db: Connection, chainId: number, monitor: string): Promise<Date | undefined> {
  const [noted] = await db
    .select({ since: blindness.since })
    .from(blindness)
    .where(isOf(chainId, [monitor]))
  return noted?.since
}

/** Notes that monitors see again. */
export async function endBlindness(db: Connection, chainId: number, monitors: readonly string[]): Promise<void> {
  if (monitors.length > 0) await db.delete(blindness).where(isOf(chainId, monitors))
}

function isOf(chainId: number, monitors: readonly string[]): SQL | undefined {
  return and(eq(blindness.chainId, chainId), isAmong(blindness.monitor, monitors))
}

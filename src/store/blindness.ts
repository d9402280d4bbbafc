import { and, eq, sql } from 'drizzle-orm'
import type { Connection } from './database.ts'
import { blindness } from './schema.ts'

/** Name that stands for all monitors of a chain. */
export const wholeChain = '*'

export type Blindness = typeof blindness.$inferSelect

export async function listBlindness(db: Connection): Promise<Blindness[]> {
  return db.select().from(blindness).orderBy(blindness.since)
}

/** Notes that a monitor could not look; the first time since it last could, it notes since when. Gives since when. */
export async function noteBlindness(
  db: Connection,
  {
    chainId,
    monitor,
    reason,
    at,
    block,
    since = at,
  }: { chainId: number; monitor: string; reason: string; at: Date; block: number | null; since?: Date },
): Promise<Date> {
  const [noted] = await db
    .insert(blindness)
    .values({ chainId, monitor, reason, since, sinceBlock: block, lastAt: at })
    .onConflictDoUpdate({
      target: [blindness.chainId, blindness.monitor],
      set: { reason, lastAt: at, blocks: sql`${blindness.blocks} + 1` },
    })
    .returning({ since: blindness.since })
  return noted!.since
}

/** Notes that a monitor sees again. */
export async function endBlindness(db: Connection, chainId: number, monitor: string): Promise<void> {
  await db.delete(blindness).where(and(eq(blindness.chainId, chainId), eq(blindness.monitor, monitor)))
}

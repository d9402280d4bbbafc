import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lte, or, sql } from 'drizzle-orm'
import type { BridgeSide, BridgeTotal } from '../model/bridge.ts'
import type { BlockHeader } from '../model/chain.ts'
import type { Connection } from './database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { bridgeTotals } from './schema.ts'

export type TotalRow = typeof bridgeTotals.$inferSelect

const key = ['monitor', 'chain_id', 'side', 'block_number']
/** Of a time; more would be a chain with dozens of blocks a second. */
const betweenMax = 20_000

/** Notes what lies on the sides of a bridge from a block on. */
export async function saveTotals(
  db: Connection,
  {
    monitor,
    chainId,
    block,
    totals,
  }: { monitor: string; chainId: number; block: BlockHeader; totals: readonly BridgeTotal[] },
): Promise<void> {
  const { number: blockNumber, hash: blockHash, timestamp } = block
  const rows = totals.map((each) => ({ ...each, monitor, chainId, blockNumber, blockHash, timestamp, lookAt: 0 }))
  for (const statement of insertInto(bridgeTotals, rows, replaceBy(bridgeTotals, key))) await db.execute(statement)
}

/** Totals that are to be judged now that each side has been read so far (chain time), the oldest first. */
export function listDueTotals(
  db: Connection,
  monitor: string,
  readTo: Readonly<Record<BridgeSide, number | null>>,
  limit: number,
): Promise<TotalRow[]> {
  const { side, lookAt, timestamp, blockNumber } = bridgeTotals
  const isDue = (of: BridgeSide, otherReadTo: number | null) => and(eq(side, of), lte(lookAt, otherReadTo ?? 0))
  return db
    .select()
    .from(bridgeTotals)
    .where(
      and(eq(bridgeTotals.monitor, monitor), or(isDue('released', readTo.locked), isDue('locked', readTo.released))),
    )
    .orderBy(asc(timestamp), asc(blockNumber))
    .limit(limit)
}

/** What lay on a side at some time, and all that changed it until another, the oldest first. */
export async function listTotals(
  db: Connection,
  monitor: string,
  { side, from, to }: { side: BridgeSide; from: number; to: number },
): Promise<TotalRow[]> {
  const isOf = and(eq(bridgeTotals.monitor, monitor), eq(bridgeTotals.side, side))
  const { timestamp, blockNumber } = bridgeTotals
  const [first] = await db
    .select()
    .from(bridgeTotals)
    .where(and(isOf, lte(timestamp, from)))
    .orderBy(desc(timestamp), desc(blockNumber))
    .limit(1)
  const later = await db
    .select()
    .from(bridgeTotals)
    .where(and(isOf, gt(timestamp, from), lte(timestamp, to)))
    .orderBy(asc(timestamp), asc(blockNumber))
    .limit(betweenMax)
  return first ? [first, ...later] : later
}

/** Writes down what was found out about totals. */
export async function settleTotals(db: Connection, rows: readonly TotalRow[]): Promise<void> {
  for (const statement of insertInto(bridgeTotals, rows, replaceBy(bridgeTotals, key))) await db.execute(statement)
}

/** What lies on both sides now is to be judged again, as a chain was not read for a while. */
export async function lookAgainAtTotals(db: Connection, monitor: string): Promise<void> {
  await db.execute(sql`
    update ${bridgeTotals} set look_at = 0 where ctid in (
      select distinct on (side) ctid from ${bridgeTotals} where monitor = ${monitor}
      order by side, timestamp desc, block_number desc)`)
}

/** How many totals of the released side wait for the other chain since before a time. */
export function countOverdueTotals(db: Connection, monitor: string, before: number): Promise<number> {
  const { side, lookAt } = bridgeTotals
  const isOverdue = sql`${lookAt} > 0 and ${lookAt} < ${before}`
  return db.$count(bridgeTotals, and(eq(bridgeTotals.monitor, monitor), eq(side, 'released'), isOverdue))
}

/** Whether something was found to be wrong with a total of a chain, as far back as totals are kept. */
export async function hasWrongTotals(db: Connection, monitor: string, chainId: number): Promise<boolean> {
  const isWrong = and(
    eq(bridgeTotals.monitor, monitor),
    eq(bridgeTotals.chainId, chainId),
    isNotNull(bridgeTotals.findingId),
  )
  return (await db.select({ at: bridgeTotals.blockNumber }).from(bridgeTotals).where(isWrong).limit(1)).length > 0
}

/** How far back what was judged may rest on what a reorg takes away, in seconds: longer than any `grace`. */
const touchedSeconds = 2 * 86_400

/** Takes out what a chain says above a block, and has judged again what may have been judged by it. */
export async function rewindTotals(db: Connection, chainId: number, number: number): Promise<void> {
  const gone = await db
    .delete(bridgeTotals)
    .where(and(eq(bridgeTotals.chainId, chainId), gt(bridgeTotals.blockNumber, number)))
    .returning({ monitor: bridgeTotals.monitor, timestamp: bridgeTotals.timestamp })
  for (const [monitor, rows] of Map.groupBy(gone, (row) => row.monitor)) {
    const since = Math.min(...rows.map(({ timestamp }) => timestamp)) - touchedSeconds
    const isNear = and(eq(bridgeTotals.monitor, monitor), gte(bridgeTotals.timestamp, since))
    await db.update(bridgeTotals).set({ lookAt: 0 }).where(isNear)
  }
  const wrong = await db
    .selectDistinct({ monitor: bridgeTotals.monitor })
    .from(bridgeTotals)
    .where(and(eq(bridgeTotals.chainId, chainId), isNotNull(bridgeTotals.findingId)))
  const monitors = wrong.map(({ monitor }) => monitor)
  if (monitors.length === 0) return
  await db
    .update(bridgeTotals)
    .set({ lookAt: 0 })
    .where(and(inArray(bridgeTotals.monitor, monitors), isNotNull(bridgeTotals.findingId)))
}

/** Forgets totals of before `cut` that were judged, but those that lay there at one of the times, or changed within `kept`. */
export async function deleteOldTotals(
  db: Connection,
  monitor: string,
  { cut, kept, limit }: { cut: number; kept: { from: number; to: number }; limit: number },
): Promise<void> {
  await db.execute(sql`
    delete from ${bridgeTotals} where ctid in (
      select old.ctid from ${bridgeTotals} old
      where old.monitor = ${monitor} and old.timestamp < ${cut} and old.look_at is null
        and not (old.timestamp >= ${kept.from} and old.timestamp <= ${kept.to})
        and exists (
          select from ${bridgeTotals} newer where newer.monitor = old.monitor and newer.side = old.side
            and (newer.timestamp, newer.block_number) > (old.timestamp, old.block_number)
            and newer.timestamp < ${cut} and (old.timestamp > ${kept.to} or newer.timestamp <= ${kept.from}))
      order by old.timestamp limit ${limit})`)
}

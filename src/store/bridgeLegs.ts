import { and, asc, eq, gt, isNotNull, or, type SQL, sql } from 'drizzle-orm'
import type { BridgeLeg, BridgeSide } from '../model/bridge.ts'
import type { BlockHeader } from '../model/chain.ts'
import type { Connection } from './database.ts'
import { insertInto, replaceBy } from './insertInto.ts'
import { isAmong } from './isAmong.ts'
import { bridgeLegs } from './schema.ts'

export type LegRow = typeof bridgeLegs.$inferSelect

/** Any number will do, as long as it stays the same and differs from that of the migrations. */
const lockId = 1_953_457_013

/**
 * Lets one chain at a time look at bridges, until the end of the caller's transaction. To be called before anything else
 * is locked in it.
 */
export async function lockBridges(db: Connection): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(${lockId}::bigint)`)
}

/** Notes the legs that a block has. What is their other half, if it is known already, is to be looked at again. */
export async function saveLegs(
  db: Connection,
  {
    monitor,
    chainId,
    block,
    legs,
  }: { monitor: string; chainId: number; block: BlockHeader; legs: readonly BridgeLeg[] },
): Promise<void> {
  const { number: blockNumber, hash: blockHash, timestamp } = block
  const rows = legs.map((leg) => ({ ...leg, monitor, chainId, blockNumber, blockHash, timestamp, lookAt: 0 }))
  const key = replaceBy(bridgeLegs, ['monitor', 'chain_id', 'side', 'transaction_hash', 'position'])
  for (const statement of insertInto(bridgeLegs, rows, key)) await db.execute(statement)
  for (const side of ['locked', 'released'] as const) {
    const messages = legs.filter((leg) => leg.side !== side).map(({ message }) => message)
    if (messages.length === 0) continue
    const isOther = and(
      eq(bridgeLegs.monitor, monitor),
      eq(bridgeLegs.side, side),
      isAmong(bridgeLegs.message, messages),
    )
    await db.update(bridgeLegs).set({ lookAt: 0 }).where(isOther)
  }
}

/**
 * Legs that are to be judged now that each side has been read so far, releases first; at most `limit`.
 * @param readTo Chain time to which the chain of each side was read; null: not at all.
 */
export async function listDueLegs(
  db: Connection,
  monitor: string,
  readTo: Readonly<Record<BridgeSide, number | null>>,
  limit: number,
): Promise<LegRow[]> {
  const isDue = (side: BridgeSide, otherReadTo: number | null) =>
    // Whatever is new is looked at, though the other chain be unread.
    and(eq(bridgeLegs.side, side), sql`${bridgeLegs.lookAt} <= ${otherReadTo ?? 0}`)
  return db
    .select()
    .from(bridgeLegs)
    .where(and(eq(bridgeLegs.monitor, monitor), or(isDue('released', readTo.locked), isDue('locked', readTo.released))))
    .orderBy(sql`${bridgeLegs.side} = 'released' desc`, asc(bridgeLegs.lookAt), ...inOrder)
    .limit(limit)
}

const inOrder = [asc(bridgeLegs.blockNumber), asc(bridgeLegs.logIndex)]

/** The first leg of each side of some messages. */
export async function listFirstLegs(db: Connection, monitor: string, messages: readonly string[]): Promise<LegRow[]> {
  if (messages.length === 0) return []
  return db
    .selectDistinctOn([bridgeLegs.message, bridgeLegs.side])
    .from(bridgeLegs)
    .where(and(eq(bridgeLegs.monitor, monitor), isAmong(bridgeLegs.message, messages)))
    .orderBy(asc(bridgeLegs.message), asc(bridgeLegs.side), ...inOrder)
}

/** Writes down what was found out about legs. */
export async function settleLegs(db: Connection, rows: readonly LegRow[]): Promise<void> {
  const key = replaceBy(bridgeLegs, ['monitor', 'chain_id', 'side', 'transaction_hash', 'position'])
  for (const statement of insertInto(bridgeLegs, rows, key)) await db.execute(statement)
}

/** How many releases wait for the other chain since before a time (Unix seconds) to which it should have been read. */
export function countOverdue(db: Connection, monitor: string, before: number): Promise<number> {
  const { side, lookAt } = bridgeLegs
  const isOverdue = sql`${lookAt} > 0 and ${lookAt} < ${before}`
  return db.$count(bridgeLegs, and(eq(bridgeLegs.monitor, monitor), eq(side, 'released'), isOverdue))
}

/**
 * Takes out what a chain says above a block. What was judged by it is to be judged again: the other halves, and all that
 * was found to be wrong.
 */
export async function rewindLegs(db: Connection, chainId: number, number: number): Promise<void> {
  const gone = await db
    .delete(bridgeLegs)
    .where(and(eq(bridgeLegs.chainId, chainId), gt(bridgeLegs.blockNumber, number)))
    .returning({ monitor: bridgeLegs.monitor, message: bridgeLegs.message })
  for (const [monitor, legs] of Map.groupBy(gone, (leg) => leg.monitor)) {
    const messages = legs.map(({ message }) => message)
    await lookAgain(db, and(eq(bridgeLegs.monitor, monitor), isAmong(bridgeLegs.message, messages)))
  }
  await lookAgain(db, isNotNull(bridgeLegs.findingId))
}

async function lookAgain(db: Connection, which: SQL | undefined): Promise<void> {
  await db.update(bridgeLegs).set({ lookAt: 0 }).where(which)
}

/**
 * Forgets messages that both chains have told and with which nothing is wrong, all of it before `matched`, and whatever
 * is older than `any`; at most `limit` legs.
 */
export async function deleteOldLegs(
  db: Connection,
  monitor: string,
  { matched, any, limit }: { matched: number; any: number; limit: number },
): Promise<void> {
  const of = sql`other.monitor = leg.monitor and other.message = leg.message`
  await db.execute(sql`
    delete from ${bridgeLegs} where ctid in (
      select leg.ctid from ${bridgeLegs} leg
      where leg.monitor = ${monitor} and (leg.timestamp < ${any} or (
        leg.timestamp < ${matched}
        and exists (select from ${bridgeLegs} other where ${of} and other.side <> leg.side)
        and not exists (
          select from ${bridgeLegs} other where ${of} and (
            other.look_at is not null or other.finding_id is not null or other.timestamp >= ${matched}))))
      order by leg.timestamp limit ${limit})`)
}

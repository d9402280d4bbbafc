import { and, desc, eq, max, type SQL, sql } from 'drizzle-orm'
import type { BlockHeader } from '../model/chain.ts'
import { severities } from '../model/severity.ts'
import type { Connection } from './database.ts'
import { isAmong } from './isAmong.ts'
import { alerts, findings, sightings } from './schema.ts'

export type FindingRow = typeof findings.$inferSelect

/** Not taken away by a reorg: seen in a block that is on the chain, or resting on no block at all. */
const isStanding = sql<boolean>`(
  exists (select 1 from ${sightings} where ${sightings.findingId} = ${findings.id} and ${sightings.canonical})
  or not exists (select 1 from ${sightings} where ${sightings.findingId} = ${findings.id}))`

/** Which of these findings are known already, the alerts that they joined, and whether a reorg has taken them away. */
export async function findKnown(
  db: Connection,
  ids: readonly string[],
): Promise<Map<string, { alertId: string; standing: boolean }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: findings.id, alertId: findings.alertId, standing: isStanding })
    .from(findings)
    .where(isAmong(findings.id, ids))
  return new Map(rows.map(({ id, ...known }) => [id, known]))
}

/** Lets findings join another alert. */
export async function moveFindings(db: Connection, ids: readonly string[], alertId: string): Promise<void> {
  if (ids.length > 0) await db.update(findings).set({ alertId }).where(isAmong(findings.id, ids))
}

/** The newest block in which something was seen that no reorg has taken away; 0: none. */
export async function findNewestSighting(db: Connection, chainId: number): Promise<number> {
  const [newest] = await db
    .select({ number: max(sightings.blockNumber) })
    .from(sightings)
    .where(and(eq(sightings.chainId, chainId), eq(sightings.canonical, true)))
  return newest?.number ?? 0
}

/** Orphans what was seen at the height of a block in any other than this. See `orphanSightings`. */
export function orphanRivals(
  db: Connection,
  chainId: number,
  { number, hash }: Pick<BlockHeader, 'number' | 'hash'>,
): Promise<void> {
  return orphan(db, chainId, sql`block_number = ${number} and block_hash <> ${hash}`, number - 1)
}

/**
 * Orphans what was seen above block `number`. The alerts concerned are to be counted anew, once the chain is past the
 * blocks that it lost: what has not come back by then is gone. Those that have nothing left are provisional until then.
 */
export function orphanSightings(db: Connection, chainId: number, number: number): Promise<void> {
  return orphan(db, chainId, sql`block_number > ${number}`, number)
}

/** @param standing The newest block of which it is certain that it is on the chain. */
async function orphan(db: Connection, chainId: number, lost: SQL, standing: number): Promise<void> {
  await db.execute(sql`
    with orphaned as (
      update ${sightings} set canonical = false
      where chain_id = ${chainId} and ${lost} and canonical
      returning finding_id, block_number
    ), hit as (
      select f.alert_id, max(orphaned.block_number) as block
      from orphaned join ${findings} f on f.id = orphaned.finding_id group by f.alert_id
    ), locked as (
      select a.id, hit.block, exists (
        select 1 from ${findings} f left join ${sightings} s on s.finding_id = f.id
        where f.alert_id = a.id and (s.finding_id is null or (s.canonical and s.block_number <= ${standing}))
      ) as stands
      from ${alerts} a join hit on hit.alert_id = a.id order by a.id for update of a
    )
    update ${alerts} set
      recount_at = greatest(recount_at, locked.block),
      stage = case when stage = 'retracted' or locked.stands then stage else 'provisional' end
    from locked where ${alerts}.id = locked.id`)
}

/**
 * Takes back findings that turned out not to be so, though the blocks in which they were seen still stand. Their alerts
 * are counted anew as after a reorg.
 */
export async function withdrawFindings(db: Connection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.update(sightings).set({ canonical: false }).where(isAmong(sightings.findingId, ids))
  await db.execute(sql`
    with hit as (
      select f.alert_id, max(s.block_number) as block
      from ${findings} f join ${sightings} s on s.finding_id = f.id where ${isAmong(sql`f.id`, ids)} group by f.alert_id
    ), locked as (
      select a.id, hit.block, exists (
        select 1 from ${findings} f left join ${sightings} s on s.finding_id = f.id
        where f.alert_id = a.id and (s.finding_id is null or s.canonical)
      ) as stands
      from ${alerts} a join hit on hit.alert_id = a.id order by a.id for update of a
    )
    update ${alerts} set
      recount_at = greatest(recount_at, locked.block),
      stage = case when stage = 'retracted' or locked.stands then stage else 'provisional' end
    from locked where ${alerts}.id = locked.id`)
}

export type Standing = {
  /** Findings that no reorg has taken away. */
  findings: number
  /** Lowest block on the chain in which one was seen; null where none rests on a block. */
  firstBlock: number | null
}

/** What of these alerts stands on the chain as it is. */
export async function countStanding(db: Connection, alertIds: readonly string[]): Promise<Map<string, Standing>> {
  if (alertIds.length === 0) return new Map()
  const stands = sql`${sightings.canonical} or ${sightings.findingId} is null`
  const rows = await db
    .select({
      id: findings.alertId,
      findings: sql<string>`count(distinct ${findings.id}) filter (where ${stands})`,
      firstBlock: sql<string | null>`min(${sightings.blockNumber}) filter (where ${sightings.canonical})`,
    })
    .from(findings)
    .leftJoin(sightings, eq(sightings.findingId, findings.id))
    .where(isAmong(findings.alertId, alertIds))
    .groupBy(findings.alertId)
  return new Map(
    rows.map(({ id, findings, firstBlock }) => {
      return [id, { findings: Number(findings), firstBlock: firstBlock === null ? null : Number(firstBlock) }]
    }),
  )
}

/** The gravest finding of an alert that no reorg has taken away, the oldest of them; undefined where none is left. */
export async function findGravest(db: Connection, alertId: string): Promise<FindingRow | undefined> {
  const rank = sql`array_position(${sql.param([...severities])}::text[], ${findings.severity})`
  const [gravest] = await db
    .select()
    .from(findings)
    .where(and(eq(findings.alertId, alertId), isStanding))
    .orderBy(desc(rank), findings.createdAt, findings.id)
    .limit(1)
  return gravest
}

/** The newest finding of each alert that no reorg has taken away, by the id of the alert. */
export async function findNewest(db: Connection, alertIds: readonly string[]): Promise<Map<string, FindingRow>> {
  if (alertIds.length === 0) return new Map()
  const newest = db
    .select()
    .from(findings)
    .where(and(sql`${findings.alertId} = wanted.id`, isStanding))
    .orderBy(desc(findings.createdAt), findings.id)
    .limit(1)
    .as('newest')
  const wanted = sql`unnest(${sql.param([...alertIds])}::text[]) as wanted (id)`
  const rows = await db.select(newest._.selectedFields).from(wanted).crossJoinLateral(newest)
  return new Map(rows.map((row) => [row.alertId, row]))
}

import { and, eq } from 'drizzle-orm'
import type { Detection, Memory, Watch } from '../../src/model/detector.ts'
import type { Database } from '../../src/store/database.ts'
import { findings, memory, sightings } from '../../src/store/schema.ts'
import type { ServedBlock } from '../harness/node/rpcTypes.ts'
import { canaryTopic, claimOf, monitor, vault } from '../harness/watchScene.ts'

const name = 'canaries'

/** Tells of every canary, and remembers the sum of what they sang: what is judged twice shows there as well. */
const watch: Watch = {
  interests: [{ kind: 'log', addresses: [vault], topics: [canaryTopic] }],
  detect({ logs, block }, remembered: Memory): Detection {
    const before = BigInt((remembered.get('sum') as string | undefined) ?? '0')
    const sum = logs.reduce((all, { data }) => all + BigInt(data), before)
    const group = `hundred ${Math.floor(block.number / 100)}`
    const claims = logs.map((log) => claimOf(log, { facts: { amount: String(BigInt(log.data)) }, group }))
    return { claims, memory: { sum: String(sum) } }
  },
}

export const canaryMonitor = monitor(name, watch)

/** What became of the canaries. All but `canaries` must be nothing. */
export type CanaryCount = {
  /** That sang on the chain as it now is. */
  canaries: number
  lost: number
  doubled: number
  /** Told of, though what they sang in is not on the chain. */
  orphaned: number
  /** Told of with another amount or at another time; one more where the sum that is remembered is another. */
  untrue: number
}

/** Compares what stands in the database with the chain as it truly is. */
export async function countCanaries(db: Database, chain: readonly ServedBlock[]): Promise<CanaryCount> {
  const told = await db
    .select({
      transaction: findings.transactionHash,
      block: sightings.blockHash,
      timestamp: sightings.timestamp,
      facts: findings.facts,
    })
    .from(findings)
    .innerJoin(sightings, eq(sightings.findingId, findings.id))
    .where(and(eq(findings.monitor, name), eq(sightings.canonical, true)))
  const truth = new Map<string, Song>(chain.flatMap(songsOf))
  const found = new Set<string>()
  const count: CanaryCount = { canaries: truth.size, lost: 0, doubled: 0, orphaned: 0, untrue: 0 }
  for (const { transaction, block, timestamp, facts } of told) {
    const song = truth.get(`${transaction} in ${block}`)
    if (!song) count.orphaned++
    else if (found.has(`${transaction}`)) count.doubled++
    else if (song.amount !== facts.amount || song.timestamp !== timestamp) count.untrue++
    if (song) found.add(`${transaction}`)
  }
  count.lost = truth.size - found.size
  const [sum] = await db.select({ value: memory.value }).from(memory).where(eq(memory.key, 'sum'))
  const sung = [...truth.values()].reduce((all, { amount }) => all + BigInt(amount), 0n)
  if (sum?.value !== String(sung)) count.untrue++
  return count
}

type Song = { amount: string; timestamp: number }

function songsOf({ hash, timestamp, receipts }: ServedBlock): [string, Song][] {
  return receipts.flatMap(({ logs }) =>
    logs.map(({ transactionHash, data }): [string, Song] => {
      return [`${transactionHash} in ${hash}`, { amount: String(BigInt(data)), timestamp }]
    }),
  )
}

import type { BlockHeader } from '../../model/chain.ts'
import { type BridgeRead, findReads } from '../../store/bridgeReads.ts'
import {
  deleteOldTotals,
  hasWrongTotals,
  listDueTotals,
  listTotals,
  lookAgainAtTotals,
  saveTotals,
  settleTotals,
  type TotalRow,
} from '../../store/bridgeTotals.ts'
import type { Connection } from '../../store/database.ts'
import { withdrawFindings } from '../../store/findings.ts'
import type { Judgement } from '../judgeBlock.ts'
import { alertKeyOf } from '../toFinding.ts'
import type { BridgeMonitor, BridgeNews } from './bridgeMonitor.ts'
import { commonSince, judgeTotal, missingAt, type Totals } from './judgeTotal.ts'
import { totalFinding, totalGroup } from './totalFinding.ts'

/** Totals of one bridge judged after one block; what is left is judged after the next. */
const totalsMax = 100
const keptSeconds = 2 * 86_400
const pruneEvery = 16
const prunedMax = 2000

type Reads = Record<'locked' | 'released', BridgeRead | undefined>
type Terms = { graceSeconds: number; slackPpm: number }

/**
 * Writes down what a block says lies on the sides of a bridge without messages, and judges what can be judged now that it
 * was read. In the transaction of the block, after the chain was noted as read.
 */
export async function matchTotals(
  tx: Connection,
  monitor: BridgeMonitor,
  { chainId, block, judgement }: { chainId: number; block: BlockHeader; judgement: Judgement },
): Promise<BridgeNews> {
  const { name } = monitor
  const { by, graceSeconds, locked, released } = monitor.watch.bridge
  if (by === 'messages') return { sighted: [], cleared: [] }
  const totals = judgement.totals.get(monitor) ?? []
  if (totals.length > 0) await saveTotals(tx, { monitor: name, chainId, block, totals })
  const read = await findReads(tx, name)
  const reads: Reads = { locked: read.get(locked.chain.id), released: read.get(released.chain.id) }
  const own = read.get(chainId)
  // It begins, or begins anew after blocks that nobody judged: what lies there since then nobody has compared.
  if (own?.blockNumber === block.number && own.since === (block.number <= 1 ? 0 : block.timestamp)) {
    await lookAgainAtTotals(tx, name)
  }
  const terms = { graceSeconds, slackPpm: by.slackPpm }
  const sighted = await judgeDue(tx, monitor, reads, terms)
  const isOver =
    sighted.length === 0 && (await hasWrongTotals(tx, name, chainId)) && (await isSoundNow(tx, name, terms))
  if (block.number % pruneEvery === 0) await prune(tx, name, reads, terms)
  // Each chain ends its own alert, in its own time.
  return { sighted, cleared: isOver ? [alertKeyOf({ ...monitor, chainId }, totalGroup)] : [] }
}

async function judgeDue(
  tx: Connection,
  monitor: BridgeMonitor,
  reads: Reads,
  terms: Terms,
): Promise<BridgeNews['sighted']> {
  const { name } = monitor
  const readTo = { locked: reads.locked?.agreedTo ?? null, released: reads.released?.agreedTo ?? null }
  const due = await listDueTotals(tx, name, readTo, totalsMax)
  if (due.length === 0) return []
  const since = commonSince(reads, terms)
  const times = due.map(({ timestamp }) => Math.max(timestamp, since ?? 0))
  const near = await around(tx, name, Math.min(...times), Math.max(...times), terms)
  const base = since === null ? 0n : missingAt(await around(tx, name, since, since, terms), since, terms)
  const sighted: BridgeNews['sighted'] = []
  const settled: TotalRow[] = []
  const withdrawn: string[] = []
  for (const row of due) {
    const verdict = judgeTotal(row, near, reads, terms, base)
    if (verdict.is === 'open') {
      settled.push({ ...row, lookAt: verdict.until })
      continue
    }
    // What was told as a theft stays one, though the watch has begun anew meanwhile.
    if (verdict.is === 'standing' && row.findingId !== null) {
      settled.push({ ...row, lookAt: null })
      continue
    }
    const seen = verdict.is === 'fine' ? null : totalFinding(monitor, row, verdict)
    if (seen) sighted.push(seen)
    if (row.findingId !== null && row.findingId !== seen?.finding.id) withdrawn.push(row.findingId)
    settled.push({ ...row, lookAt: null, findingId: seen?.finding.id ?? null })
  }
  await settleTotals(tx, settled)
  await withdrawFindings(tx, withdrawn)
  return sighted
}

async function around(tx: Connection, name: string, first: number, last: number, { graceSeconds }: Terms) {
  const range = { from: first - graceSeconds, to: last + graceSeconds }
  const [locked, released] = [
    await listTotals(tx, name, { side: 'locked', ...range }),
    await listTotals(tx, name, { side: 'released', ...range }),
  ]
  return { locked, released } satisfies Totals
}

/** Whether no more is released now than is locked, by what both chains said last. */
async function isSoundNow(tx: Connection, name: string, { slackPpm }: Terms): Promise<boolean> {
  const newest = { from: Number.MAX_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }
  const [locked] = await listTotals(tx, name, { side: 'locked', ...newest })
  const [released] = await listTotals(tx, name, { side: 'released', ...newest })
  if (!locked || !released) return false
  const amount = BigInt(locked.amount)
  return BigInt(released.amount) <= amount + (amount * BigInt(slackPpm)) / 1_000_000n
}

async function prune(tx: Connection, name: string, reads: Reads, terms: Terms): Promise<void> {
  const since = commonSince(reads, terms)
  const [locked, released] = [reads.locked?.agreedTo ?? null, reads.released?.agreedTo ?? null]
  if (since === null || locked === null || released === null) return
  const { graceSeconds } = terms
  const kept = { from: since - graceSeconds, to: since + graceSeconds }
  const cut = Math.min(locked, released) - keptSeconds - 2 * graceSeconds
  await deleteOldTotals(tx, name, { cut, kept, limit: prunedMax })
}

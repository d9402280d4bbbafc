import type { BlockHeader } from '../../model/chain.ts'
import { deleteOldLegs, type LegRow, listDueLegs, listFirstLegs, saveLegs, settleLegs } from '../../store/bridgeLegs.ts'
import { type BridgeRead, findReads, noteRead } from '../../store/bridgeReads.ts'
import type { Connection } from '../../store/database.ts'
import { withdrawFindings } from '../../store/findings.ts'
import type { Judgement } from '../judgeBlock.ts'
import type { BridgeMonitor, BridgeNews } from './bridgeMonitor.ts'
import { considerAwaited } from './considerAwaited.ts'
import { judgeLeg, type Known } from './judgeLeg.ts'
import { legFinding } from './legFinding.ts'
import { matchTotals } from './matchTotals.ts'

/** Legs of one bridge judged after one block; what is left is judged after the next. */
const legsMax = 500
const daySeconds = 86_400
const pruneEvery = 16
const prunedMax = 2000

/**
 * Writes down what a block says about bridges, and judges what can be judged now that it was read. In the transaction of
 * the block, after `lockBridges`.
 * @param agreed The newest judged block that enough providers agree on.
 */
export async function matchBridges(
  tx: Connection,
  {
    chainId,
    bridges,
    block,
    judgement,
    agreed,
    now,
  }: {
    chainId: number
    bridges: readonly BridgeMonitor[]
    block: BlockHeader
    judgement: Judgement
    agreed: number
    now: Date
  },
): Promise<BridgeNews> {
  const sighted: BridgeNews['sighted'] = []
  const cleared: string[] = []
  const nowSeconds = Math.floor(now.getTime() / 1000)
  // A chain may claim any time. What is of one that is yet to come would wait for the other chain for years.
  const timed = { ...block, timestamp: Math.min(block.timestamp, nowSeconds) }
  for (const monitor of bridges) {
    const { name } = monitor
    const legs = judgement.legs.get(monitor) ?? []
    if (legs.length > 0) await saveLegs(tx, { monitor: name, chainId, block: timed, legs })
    await noteRead(tx, { monitor: name, chainId, block: timed, agreed, now: nowSeconds })
    const reads = await findReads(tx, name)
    sighted.push(...(await judgeDue(tx, monitor, reads)))
    const totals = await matchTotals(tx, monitor, { chainId, block: timed, judgement })
    sighted.push(...totals.sighted)
    cleared.push(...totals.cleared)
    const awaited = await considerAwaited(tx, monitor, reads, now)
    sighted.push(...awaited.sighted)
    cleared.push(...awaited.cleared)
    if (block.number % pruneEvery === 0) {
      const { lateSeconds, rememberSeconds } = monitor.watch.bridge
      const matched = nowSeconds - Math.max(lateSeconds, daySeconds)
      await deleteOldLegs(tx, name, { matched, any: nowSeconds - rememberSeconds, limit: prunedMax })
    }
  }
  return { sighted, cleared }
}

/** Judges all legs that can be judged. Whatever was said of one and is not so any more is taken back. */
async function judgeDue(
  tx: Connection,
  monitor: BridgeMonitor,
  reads: ReadonlyMap<number, BridgeRead>,
): Promise<BridgeNews['sighted']> {
  const { name } = monitor
  const { bridge } = monitor.watch
  const [locked, released] = [reads.get(bridge.locked.chain.id), reads.get(bridge.released.chain.id)]
  const readTo = { locked: locked?.agreedTo ?? null, released: released?.agreedTo ?? null }
  const due = await listDueLegs(tx, name, readTo, legsMax)
  if (due.length === 0) return []
  const first = await listFirstLegs(tx, name, [...new Set(due.map(({ message }) => message))])
  const firstBy = new Map(first.map((leg) => [`${leg.side} ${leg.message}`, leg]))
  const sighted: BridgeNews['sighted'] = []
  const settled: LegRow[] = []
  const withdrawn: string[] = []
  for (const leg of due) {
    const known: Known = {
      lock: firstBy.get(`locked ${leg.message}`),
      release: firstBy.get(`released ${leg.message}`),
      reads: { locked, released },
    }
    const verdict = judgeLeg(leg, known, bridge)
    if (verdict.is === 'open') {
      settled.push({ ...leg, lookAt: verdict.until })
      continue
    }
    const seen = verdict.is === 'fine' ? null : legFinding(monitor, bridge, leg, verdict)
    if (seen) sighted.push(seen)
    if (leg.findingId !== null && leg.findingId !== seen?.finding.id) withdrawn.push(leg.findingId)
    settled.push({ ...leg, lookAt: null, findingId: seen?.finding.id ?? null })
  }
  await settleLegs(tx, settled)
  await withdrawFindings(tx, withdrawn)
  return sighted
}

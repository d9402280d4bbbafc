import { durationWords } from '../../lib/durationWords.ts'
import { countOverdue } from '../../store/bridgeLegs.ts'
import { type BridgeRead, noteAwaited } from '../../store/bridgeReads.ts'
import { countOverdueTotals } from '../../store/bridgeTotals.ts'
import type { Connection } from '../../store/database.ts'
import { selfAlertKey, selfFinding } from '../selfFinding.ts'
import type { BridgeMonitor, BridgeNews } from './bridgeMonitor.ts'

const nothing: BridgeNews = { sighted: [], cleared: [] }

/**
 * Says that releases cannot be judged, as the chain of their locks was not read for so long, or its providers do not
 * agree: whoever blinds us there must not get silence for it. By the clock, as a chain that is not read tells no time.
 */
export async function considerAwaited(
  tx: Connection,
  { name, watch: { bridge } }: BridgeMonitor,
  reads: ReadonlyMap<number, BridgeRead>,
  now: Date,
): Promise<BridgeNews> {
  const { locked, released, graceSeconds } = bridge
  const [behind, waiting] = [reads.get(locked.chain.id), reads.get(released.chain.id)]
  if (!waiting) return nothing
  const before = Math.floor(now.getTime() / 1000) - graceSeconds
  const count = (await countOverdue(tx, name, before)) + (await countOverdueTotals(tx, name, before))
  const since = waiting.awaitedSince
  const trouble = `bridge ${name} waits for its locks`
  if (count === 0) {
    if (since === null) return nothing
    await noteAwaited(tx, waiting, null)
    return { sighted: [], cleared: [selfAlertKey(released.chain.id, trouble)] }
  }
  if (since === null) await noteAwaited(tx, waiting, now)
  // While both chains are caught up with, one is ahead of the other for a while.
  if (since === null || now.getTime() - since.getTime() < graceSeconds * 1000) return nothing
  const readTo = behind?.agreedTo ? `only to ${new Date(behind.agreedTo * 1000).toISOString()}` : 'not at all'
  const [releases, wait] = count === 1 ? ['one release', 'waits'] : [`${count} releases`, 'wait']
  const finding = selfFinding({
    chainId: released.chain.id,
    trouble,
    episode: since.toISOString(),
    title: `Monitor ${name} is blind: ${locked.chain.name} was read ${readTo}, and ${releases} on ${released.chain.name} ${wait} for it for more than ${durationWords(2 * graceSeconds)}`,
    severity: 'high',
    facts: { monitor: name, chain: locked.chain.name, waiting: String(count) },
  })
  return { sighted: [{ finding, sighting: null }], cleared: [] }
}

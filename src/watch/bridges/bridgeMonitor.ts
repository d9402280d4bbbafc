import type { Bridge } from '../../model/bridge.ts'
import type { Finding, Sighting } from '../../model/finding.ts'
import type { Monitor } from '../../model/monitor.ts'

/** A monitor of a bridge, as the watch over one of its chains knows it. */
export type BridgeMonitor = Monitor & { watch: { bridge: Bridge } }

export function isBridgeMonitor(monitor: Monitor): monitor is BridgeMonitor {
  return monitor.watch.bridge !== undefined
}

/** What is to be raised about bridges after a block. What rests on no block of its chain is about ourselves. */
export type BridgeNews = { sighted: { finding: Finding; sighting: Sighting | null }[]; cleared: string[] }

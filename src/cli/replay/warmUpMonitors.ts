import { rehearseAlerts } from '../../alerts/rehearseAlerts.ts'
import { plugIns } from '../../app/plugIns.ts'
import type { Json } from '../../model/finding.ts'
import type { Monitor } from '../../model/monitor.ts'
import { createWarmUp } from '../../review/createWarmUp.ts'
import { reportWarmUp, type WarmUpReport } from '../../review/reportWarmUp.ts'
import type { Replayed } from '../../watch/replay.ts'

/** Watches over a replay and says at its end what the monitors would have raised. */
export function warmUpMonitors(monitors: readonly Monitor[], budget: number) {
  const rehearsal = rehearseAlerts(monitors)
  const warmUp = createWarmUp(monitors)
  return {
    add({ block, sighted, cleared, grown, blind, faults }: Replayed): void {
      const names = new Set([...blind.map(({ monitor }) => monitor), ...(faults.length > 0 ? ['*'] : [])])
      const joined = rehearsal.join({ sighted, cleared, at: new Date(block.timestamp * 1000) })
      warmUp.add({ block, joined, grown, blind: names })
    },
    report: (): WarmUpReport => reportWarmUp(warmUp.stretch(), budget, accepts),
  }
}

/** What other options it needs is not known here, and not asked. */
function accepts(detector: string, option: string, value: Json): boolean {
  const parsed = plugIns.detectors.get(detector)?.options.safeParse({ [option]: value })
  const issues = parsed?.error?.issues ?? []
  return parsed !== undefined && !issues.some(({ path, code }) => path[0] === option || code === 'unrecognized_keys')
}

import type { MonitorReport, WarmUpReport } from '../../review/reportWarmUp.ts'
import { configOf } from './configOf.ts'

/** What a replay says of the monitors, for programs. */
export function warmUpLine({ monitors, ...report }: WarmUpReport): Record<string, unknown> {
  return { kind: 'warmup', schema: 1, ...report, monitors: monitors.map(plain) }
}

function plain({ advice, ...report }: MonitorReport) {
  if (!advice) return { ...report, advice }
  const { proofs, look, proposal } = advice
  const changes = proposal.kind === 'limits' ? proposal.changes : []
  const config = configOf({ advice, ...report })
  return { ...report, advice: { kind: proposal.kind, config, changes, proofs, look } }
}

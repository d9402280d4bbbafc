import type { MonitorReport } from '../../review/reportWarmUp.ts'

/** What is proposed for a monitor as its part of the config; null: nothing is, or it is so already. */
export function configOf({ advice, mode }: MonitorReport): Record<string, unknown> | null {
  const proposal = advice?.proposal
  if (proposal?.kind === 'limits') return { options: proposal.options }
  if (proposal?.kind === 'severity') return { severity: 'medium' }
  return proposal?.kind === 'shadow' && mode !== 'shadow' ? { mode: 'shadow' } : null
}

import { z } from 'zod'
import type { Claim } from '../../model/finding.ts'
import { severities } from '../../model/severity.ts'

export const severitiesOption = z
  .partialRecord(z.enum(['medium', 'critical']), z.enum(severities))
  .default({})
  .describe(
    'Of what it finds `medium` or `critical` another severity, such as `{ critical: high }`. What it finds `high` has the severity of the monitor.',
  )
type Severities = z.output<typeof severitiesOption>

/** A claim as the config wants it, from what the detector makes of it by itself, where `high` is the usual. */
export function asConfigured(claim: Claim, given: Severities): Claim {
  const { severity, ...usual } = claim
  if (severity === 'high') return usual
  const other = severity === 'medium' || severity === 'critical' ? given[severity] : undefined
  return other ? { ...claim, severity: other } : claim
}

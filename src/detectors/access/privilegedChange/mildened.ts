import type { Claim, Json } from '../../../model/finding.ts'
import { compareSeverity, type Severity } from '../../../model/severity.ts'

/** A claim that is at most so grave, and says why. */
export function mildened(claim: Claim, severity: Severity, why: Record<string, Json>): Claim {
  const isMilder = claim.severity !== undefined && compareSeverity(claim.severity, severity) <= 0
  return { ...claim, facts: { ...claim.facts, ...why }, ...(!isMilder && { severity }) }
}

/** From the least to the gravest; `high` and above pages a person. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof severities)[number]

/** Negative if `a` is milder than `b`, 0 if they are equal, positive if it is graver. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b)
}

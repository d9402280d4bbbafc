const reasonsMax = 8

/** Why something could not be judged, each reason once; a flood of different ones is counted, not listed. */
export function reasonList(reasons: readonly string[]): string[] {
  const distinct = [...new Set(reasons)]
  if (distinct.length <= reasonsMax) return distinct
  return [...distinct.slice(0, reasonsMax), `and ${distinct.length - reasonsMax} more`]
}

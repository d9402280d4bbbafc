import type { Measured } from '../model/finding.ts'

/** A finding to be looked at. */
export type Example = { id: string; title: string; transactionHash: string | null; blockNumber: number }

/** An alert for which people would have been woken, by what was found of it at `high` or above. */
export type Page = {
  /** The largest that was measured, by the limit: its path in the options, joined by dots. */
  measured: Map<string, number>
  /** What was proved whatever its size: the first of it. And the first of all. */
  proof: Example | null
  first: Example
  /** Whether something less than proved has no measure. */
  hasSigns: boolean
  /** Whether the detector said how grave something is, so that the severity of the monitor does not count. */
  isGraded: boolean
}

export const emptyPage = (first: Example): Page => ({
  ...{ measured: new Map(), proof: null, first },
  ...{ hasSigns: false, isGraded: false },
})

/** No name of an option or window has a dot in it. */
export const pathOf = (limit: Measured['limit']): string => limit.join('.')

export function notePeak(page: Page, { limit, value }: Measured): void {
  const path = pathOf(limit)
  page.measured.set(path, Math.max(value, page.measured.get(path) ?? 0))
}

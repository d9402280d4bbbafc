import type { ContractFacts } from '../facts/contractFacts.ts'

/** Seconds after which feeds usually promise a new round. */
const usual = [3_600, 7_200, 14_400, 28_800, 43_200, 86_400]

/** Seconds after which a feed seems to promise a new round, by those that it gave. */
export function heartbeatOf({ intervals, updatedAt }: NonNullable<ContractFacts['feed']>, now: number): number {
  const longest = Math.max(0, ...intervals, now - updatedAt)
  return intervals.length === 0 ? 86_400 : (usual.find((seconds) => seconds >= longest) ?? Math.ceil(longest))
}

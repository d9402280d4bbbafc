import type { Alert } from './types.ts'

type Group = [gravest: Alert, ...others: Alert[]]

/**
 * Alerts that one transaction set off, together: the order stays as it is, of the groups and within them. What is kept
 * quiet on purpose stays by itself, or it would be hidden by what is not, and the other way round.
 */
export function byTransaction(alerts: readonly Alert[]): Group[] {
  const groups = Map.groupBy(alerts, ({ id, chainId, transactionHash, mutedBecause }) =>
    transactionHash === null ? id : `${chainId} ${transactionHash} ${mutedBecause ?? ''}`,
  )
  return [...groups.values()] as Group[]
}

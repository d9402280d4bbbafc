import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Proposal } from './proposal.ts'

/**
 * That nobody opens a stream out of a treasury: of what is watched and may hold money, and of the Safes and timelocks that
 * have power over it.
 */
export function proposeStreams(contracts: readonly NamedFacts[]): Proposal[] {
  const payers = contracts.filter(({ role, facts }) => {
    const { safe, timelock, vault, token, feed, pair, pool, governor } = facts
    if (safe || timelock) return true
    return role === 'protected' && !(vault || token || feed || pair || pool || governor)
  })
  if (payers.length === 0) return []
  const why = [
    'A stream carries a treasury away in small parts, and no transfer may tell of it: whoever opens one shows here.',
    'Name the contracts that your own streams run in under `streams`, and those who are paid by them under `known`.',
  ]
  return [{ name: 'payment-streams', use: 'payment-stream', on: payers.map(({ name }) => name), why }]
}

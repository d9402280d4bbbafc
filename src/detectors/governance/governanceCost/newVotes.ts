import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import type { Address } from '../../../model/chain.ts'
import type { Json } from '../../../model/finding.ts'
import type { GovernanceLog } from '../governance/governanceLogs.ts'

/** Who has come to more votes within a week: what they have, as a decimal string, and the unix time. */
export type NewVotes = { delegate: Address; votes: string; at: number }

export const newVotesKey = 'new votes'
const weekSeconds = 7 * 86_400
const rowsMax = 8

/** The rows after a block: those with the most votes. Whoever gave votes away keeps the row with what is left. */
export function nextNewVotes(rows: readonly NewVotes[], told: readonly GovernanceLog[], now: number): NewVotes[] {
  const next = new Map(rows.filter(({ at }) => at > now - weekSeconds).map((row) => [row.delegate, row]))
  for (const { values } of logsNamed(told, 'power')) {
    const [delegate, before, after] = values
    const known = next.get(delegate)
    if (!known && after <= before) continue
    next.set(delegate, { delegate, votes: after.toString(), at: known && after <= before ? known.at : now })
  }
  return [...next.values()].toSorted((a, b) => (BigInt(b.votes) > BigInt(a.votes) ? 1 : -1)).slice(0, rowsMax)
}

export const newVotesAsJson = (rows: readonly NewVotes[]): Json => rows.map((row) => ({ ...row }))

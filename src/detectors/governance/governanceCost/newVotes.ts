import { z } from 'zod'
import { logsNamed } from '../../../evm/abi/namedEvents.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import type { GovernanceLog } from '../governance/governanceLogs.ts'

/** Who has come to more votes within a week: what they have, as a decimal string, and the unix time. */
const newVotes = z.object({ delegate: hexShape, votes: decimalShape, at: z.number() })
export type NewVotes = z.output<typeof newVotes>
const rememberedVotes = remembered(z.array(newVotes))

export const newVotesKey = 'new votes'
export const newVotesIn = (memory: Memory) => rememberedVotes(memory, newVotesKey) ?? []
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

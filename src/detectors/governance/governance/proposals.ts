import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import type { GovernanceLog } from './governanceLogs.ts'
import type { Order } from './orders.ts'
import type { Risk } from './risk.ts'

/** What is remembered of a proposal that is not executed yet. */
const proposalRow = z.object({
  id: z.string(),
  score: z.number(),
  proposer: hexShape,
  end: decimalShape,
  quorate: z.boolean(),
})
export type ProposalRow = z.output<typeof proposalRow>
const rememberedProposals = remembered(z.array(proposalRow))

/** Of one governor: who proposes more pushes the oldest out. */
const rowsMax = 64

export const proposalsKey = (governor: Address) => `proposals ${governor}`
export const proposalsIn = (memory: Memory, governor: Address) =>
  rememberedProposals(memory, proposalsKey(governor)) ?? []

/** The proposals of one governor after a block. */
export function nextProposals(
  rows: readonly ProposalRow[],
  {
    governor,
    told,
    orders,
    quorate,
  }: {
    governor: Address
    told: readonly GovernanceLog[]
    orders: readonly { order: Order; risk: Risk }[]
    /** Ids of those that have reached their quorum. */
    quorate: ReadonlySet<string>
  },
): ProposalRow[] {
  const over = new Set(
    told
      .filter(({ name, log }) => log.address === governor && /^proposal(Executed|Canceled)$/.test(name))
      .map(({ values }) => String(values[0])),
  )
  const fresh = orders.flatMap(({ order, risk }): ProposalRow[] => {
    const { id, proposer, vote, kind, at } = order
    if (kind !== 'proposal' || at !== governor || !vote) return []
    return [{ id, score: risk.score, proposer, end: vote.end.toString(), quorate: false }]
  })
  return [...rows.map((row) => ({ ...row, quorate: row.quorate || quorate.has(row.id) })), ...fresh]
    .filter(({ id }) => !over.has(id))
    .slice(-rowsMax)
}

export const asJson = (rows: readonly ProposalRow[]): Json => rows.map((row) => ({ ...row }))

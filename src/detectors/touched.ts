import { z } from 'zod'
import { transferTopics } from '../evm/ledger/tokenTransfers.ts'
import type { Address } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import type { BlockObservation, Outcome } from '../model/observation.ts'

export const tracesOption = z
  .enum(['touching', 'all', 'none'])
  .default('touching')
  .describe(
    'Whose calls it looks at: `touching` those of the transactions that touch the contracts from outside or by a log, `all` those of every transaction, which is dear and what contracts without events need, `none` judges by logs alone, for providers that give no call traces.',
  )
type Traces = z.output<typeof tracesOption>

/** All transactions that touch some accounts, with their calls where these are asked for. */
export const touchInterests = (addresses: readonly Address[], traces: Traces): Interest[] => [
  { kind: 'transaction', touching: addresses, ...(traces !== 'none' && { traces }) },
  { kind: 'log', addresses },
  { kind: 'log', accounts: addresses, topics: transferTopics },
]

type View = Pick<BlockObservation, 'block' | 'logs' | 'outcomes'>

/** Each transaction that something handed to us belongs to, once, in the order of the block. */
export function touchedOutcomes({ block, logs, outcomes }: View): Outcome[] {
  const byIndex = new Map(outcomes.map((outcome) => [outcome.transaction.index, outcome]))
  for (const { transactionIndex } of logs) {
    const transaction = block.transactions[transactionIndex]
    if (!transaction || byIndex.has(transactionIndex)) continue
    byIndex.set(transactionIndex, { transaction, receipt: block.receipts?.[transactionIndex] ?? null })
  }
  return [...byIndex.values()].sort((a, b) => a.transaction.index - b.transaction.index)
}

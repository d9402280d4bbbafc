import type { Lesson } from '../../watch/learn.ts'
import type { Replayed } from '../../watch/replay.ts'
import { type BlockSpan, blocksOf } from './blockSpan.ts'

export type Summary = {
  blocks: number
  transactions: number
  logs: number
  findings: number
  elapsedMs: number
  rpcCalls: number
  blind: { monitor: string; reason: string; blocks: number }[]
  learnt: Lesson['range']
}

/** Counts what was replayed, and who could not look how often. */
export function createTally(span: BlockSpan) {
  const counts = { blocks: 0, transactions: 0, logs: 0, findings: 0 }
  const blind = new Map<string, Summary['blind'][number]>()
  const note = (monitor: string, reason: string, blocks = 1) => {
    const known = blind.get(monitor) ?? { monitor, reason, blocks: 0 }
    blind.set(monitor, { ...known, blocks: known.blocks + blocks })
  }
  return {
    add({ block, sighted, blind: unseeing, faults }: Replayed) {
      counts.blocks++
      counts.transactions += block.transactions.length
      counts.logs += (block.receipts ?? []).reduce((sum, { logs }) => sum + logs.length, 0)
      counts.findings += sighted.length
      for (const { monitor, reason } of unseeing) note(monitor, reason)
      if (faults[0] !== undefined) note('*', faults[0])
    },
    /** One monitor judges none of it. */
    leaveOut: (monitor: string, reason: string) => note(monitor, reason, blocksOf(span)),
    /** The rest of it cannot be read. */
    giveUp: (reason: string) => note('*', reason, blocksOf(span) - counts.blocks),
    summary: (spent: Pick<Summary, 'elapsedMs' | 'rpcCalls' | 'learnt'>): Summary => ({
      ...counts,
      ...spent,
      blind: [...blind.values()],
    }),
  }
}

export function summaryText(summary: Summary): string {
  const { blocks, transactions, logs, findings, elapsedMs, rpcCalls, blind, learnt } = summary
  const looked = `${blocks} blocks with ${transactions} transactions and ${logs} logs read in ${(elapsedMs / 1000).toFixed(1)} s`
  const lines = [`${findings} findings; ${looked}, with ${rpcCalls} requests.`]
  if (learnt) {
    const { from, to } = learnt
    lines.push(`What is usual was learnt from blocks ${from} to ${to} before; what happened there is not shown.`)
  }
  for (const { monitor, reason, blocks: count } of blind) {
    lines.push(
      `BLIND in ${count} ${count === 1 ? 'block' : 'blocks'}: ${monitor === '*' ? 'all monitors' : monitor}, because ${reason}`,
    )
  }
  return `${lines.join('\n')}\n`
}

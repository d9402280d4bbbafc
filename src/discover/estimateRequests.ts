import type { Block, BlockHeader } from '../model/chain.ts'
import type { Watch } from '../model/detector.ts'
import { type Read, readKey } from '../model/read.ts'

export type RequestEstimate = {
  /** HTTP requests a day, at most: the receipts of blocks that interest nobody are not read. */
  requests: number
  /** Reads of state a day; they share one request per block, and many providers count each. */
  reads: number
}

/** How often the loop asks for the newest final block. */
const finalityEveryMs = 12_000
const dayMs = 86_400_000

/** What watching a chain costs in a quiet block, told from what the monitors ask for when nothing happens. */
export function estimateRequests({
  blocksPerDay,
  pollMs,
  newest,
  watches,
}: {
  blocksPerDay: number
  pollMs: number
  newest: BlockHeader
  watches: readonly Watch[]
}): RequestEstimate {
  const reads = readsPerBlock(newest, watches)
  const perBlock = 2 + (reads > 0 ? 1 : 0)
  // A chain that is faster than our poll is caught up in one go.
  const polls = dayMs / pollMs + dayMs / finalityEveryMs
  return { requests: Math.round(polls + perBlock * blocksPerDay), reads: Math.round(reads * blocksPerDay) }
}

function readsPerBlock(newest: BlockHeader, watches: readonly Watch[]): number {
  const block: Block = { ...newest, transactions: [], receipts: [] }
  const shares = new Map<string, number>()
  const add = (reads: readonly Read[], everyBlocks: number) => {
    for (const key of reads.map(readKey)) shares.set(key, Math.max(shares.get(key) ?? 0, 1 / everyBlocks))
  }
  for (const { interests, reads } of watches) {
    for (const interest of interests) if (interest.kind === 'state') add(interest.reads, interest.everyBlocks)
    const ticks = interests.flatMap((interest) => (interest.kind === 'tick' ? [interest.everyBlocks] : []))
    if (!reads || ticks.length === 0) continue
    const quiet = { kind: 'block' as const, block, logs: [], outcomes: [], ticked: true }
    try {
      add(reads(quiet, { get: () => undefined }), Math.min(...ticks))
    } catch {
      // A detector that fails is told of when it is at work; here it only makes the estimate too low.
    }
  }
  return [...shares.values()].reduce((sum, share) => sum + share, 0)
}

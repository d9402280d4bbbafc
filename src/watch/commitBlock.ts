import type { BlockHeader } from '../model/chain.ts'
import type { Finding, Sighting } from '../model/finding.ts'
import { endBlindness, noteBlindness } from '../store/blindness.ts'
import { deleteBlocksBelow } from '../store/blocks.ts'
import { lockBridges } from '../store/bridgeLegs.ts'
import { type Cursor, stepCursor } from '../store/cursors.ts'
import type { Connection, Database } from '../store/database.ts'
import { orphanRivals } from '../store/findings.ts'
import { deleteUndoBelow, saveMemory } from '../store/memory.ts'
import type { BridgeMonitor } from './bridges/bridgeMonitor.ts'
import { matchBridges } from './bridges/matchBridges.ts'
import type { Judgement } from './judgeBlock.ts'

/** What a stage learns: findings, and alerts that are over. */
export type Raised = {
  /** A finding about ourselves may rest on no block. */
  sighted: readonly { finding: Finding; sighting: Sighting | null }[]
  cleared: readonly string[]
  /** Alerts that are over for a reason of their own, which no reorg takes back. */
  ended?: readonly { key: string; because: string }[]
  /** Time of the block, though never ahead of the clock; or of the clock where it is not about one. */
  at: Date
  now: Date
  /**
   * The block after which the chain stands; absent where it is not about one. `agreed`: the newest judged block that
   * enough providers agree on.
   */
  progress?: { chainId: number; blockNumber: number; finalized: number; agreed: number }
}

/** What becomes of it, in the transaction of the caller. Handed in by the app: stages know nothing of each other. */
export type RaiseVerb = (tx: Connection, raised: Raised) => Promise<void>

/** Blocks that a reorg may take away even where the chain calls them final, and the most that we keep to undo. */
const keptMin = 128
const keptMax = 4096
const pruneEvery = 16

/**
 * Commits one judged block: cursor, block, memory, bridges, blindness, findings, alerts and messages, all or nothing.
 * @param cursor Where the head lane stands; undefined before the first block.
 * @returns Where it stands now.
 */
export function commitBlock(
  db: Database,
  {
    chainId,
    cursor,
    block,
    judgement,
    sighted,
    cleared,
    bridges,
    finalized,
    agreed,
    mayHaveRivals,
    seeingAgain,
    raise,
    now,
  }: {
    chainId: number
    cursor: Cursor | undefined
    block: BlockHeader
    judgement: Judgement
    /** Findings about the block that no monitor made. */
    sighted: Raised['sighted']
    cleared: readonly string[]
    /** The bridges that have a side on this chain. */
    bridges: readonly BridgeMonitor[]
    finalized: number
    agreed: number
    /** Something may have been seen in another block of this height, when the head was looked at before. */
    mayHaveRivals: boolean
    /** Monitors that were blind and judged this block. */
    seeingAgain: readonly string[]
    raise: RaiseVerb
    now: Date
  },
): Promise<Cursor> {
  return db.transaction(async (tx) => {
    // A chain may claim any time. One that is yet to come would end alerts at once and put off what is told for years.
    const at = new Date(Math.min(block.timestamp * 1000, now.getTime()))
    if (bridges.length > 0) await lockBridges(tx)
    await stepCursor(tx, { chainId, lane: 'head', from: cursor?.blockHash ?? null, to: block })
    if (mayHaveRivals) await orphanRivals(tx, chainId, block)
    await saveMemory(tx, { chainId, blockNumber: block.number, changes: judgement.memory })
    const reasons = new Map([...judgement.blind].map(([{ name }, reason]) => [name, reason]))
    await noteBlindness(tx, { chainId, reasons, at: now, block: block.number })
    await endBlindness(tx, chainId, seeingAgain)
    const matched = await matchBridges(tx, { chainId, bridges, block, judgement, agreed, now })
    await raise(tx, {
      sighted: [...judgement.sighted, ...matched.sighted, ...sighted],
      cleared: [...judgement.cleared, ...matched.cleared, ...cleared],
      at,
      now,
      progress: { chainId, blockNumber: block.number, finalized, agreed },
    })
    if (block.number % pruneEvery === 0) {
      const keep = Math.max(Math.min(finalized, block.number - keptMin), block.number - keptMax)
      await deleteBlocksBelow(tx, chainId, keep)
      await deleteUndoBelow(tx, chainId, keep)
    }
    return { chainId, lane: 'head', blockNumber: block.number, blockHash: block.hash, timestamp: block.timestamp }
  })
}

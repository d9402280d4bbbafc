import type { Block, Call, Log, Receipt, Transaction } from './chain.ts'
import type { Read, ReadResult } from './read.ts'
import type { Sign } from './sign.ts'

/**
 * A transaction and what became of it. `receipt` is null where the receipts of the block were not needed. `calls`: all
 * calls inside it; absent where the monitor did not ask for them, or nobody could tell, which the loop reports.
 */
export type Outcome = { transaction: Transaction; receipt: Receipt | null; calls?: readonly Call[] }

/** One block as one monitor sees it: only what its interests asked for, in the order of the block. */
export type BlockObservation = {
  kind: 'block'
  block: Block
  logs: Log[]
  outcomes: Outcome[]
  /** Answers to the reads of the monitor's interests that are due in this block, and of its `reads`. */
  state(read: Read): ReadResult
  /** True where an interest of kind `tick` is due. */
  ticked: boolean
  /** What other monitors found in the block, where the monitor asked for signs. */
  signs?: readonly Sign[]
}

/**
 * A transaction that stands in no block, as if it were alone in one on top of the newest: `block` is what would be so
 * after it, `parent` what is so now. Of its calls only those that move the chain's own coin are known.
 * `isYoung`: the contract that it calls was not there some twenty minutes ago; null: nobody can tell.
 */
export type PendingObservation = BlockObservation & { isYoung: boolean | null }

export type Observation = BlockObservation

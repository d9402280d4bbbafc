import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Sleeper } from '../lib/createSleeper.ts'
import type { BlockHeader } from '../model/chain.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Database } from '../store/database.ts'
import type { RaiseVerb } from './commitBlock.ts'
import type { Lesson } from './learn.ts'

/** One chain of the config, as far as the loop needs to know. */
export type WatchedChain = {
  id: number
  name: string
  /** Where to begin when there is no cursor yet. */
  startAt: number | 'latest'
  /** How many blocks before the first are read to learn what is usual. */
  lookBack: number
  /** How long to wait for the next head when nothing wakes us. */
  pollMs: number
  /** How long the chain or a monitor may go unseen before people are told. */
  blindAfterMs: number
  /** How long a chain may stand still before that counts as not being seen. */
  staleAfterMs: number
  /** Blocks read at once when catching up. */
  ahead: number
  /** Depth at which a block counts as final where the provider does not tell. */
  finalityDepth: number
  /** How many providers must agree on a block before what was found in it is confirmed. */
  quorum: number
}

/** What happened in the loop, for logs and metrics. */
export type WatchNote =
  | { kind: 'committed'; block: BlockHeader; findings: number; blind: number; ms: number }
  | { kind: 'learnt'; monitors: readonly string[]; lesson: Pick<Lesson, 'range' | 'past' | 'cut'> }
  | { kind: 'reorg'; from: number; to: number }
  | { kind: 'trouble'; error: unknown }

export type WatchDeps = {
  db: Database
  client: ChainClient
  monitors: readonly Monitor[]
  raise: RaiseVerb
  sleeper: Sleeper
  clock(): Date
  onNote(note: WatchNote): void
}

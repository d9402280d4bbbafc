import type { WatchedChain } from '../../src/watch/watchedChain.ts'
import type { Fault } from '../harness/node/faults.ts'
import type { TestNode } from '../harness/node/startNode.ts'
import type { TestWatch } from '../harness/watchScene.ts'
import type { SingingChain } from './singingChain.ts'

/** Something that goes wrong, and how the chain goes on meanwhile. */
export type FaultCase = {
  /** In a few words. */
  name: string
  /** What each provider does wrong: as many providers as lists, the one that is asked first in front. */
  providers: readonly (readonly Fault[])[]
  /** `grow` unless told otherwise. */
  course?: Course
  over?: 'HTTP' | 'WebSocket'
  chain?: Partial<WatchedChain>
}

export type Stage = {
  chain: SingingChain
  nodes: readonly TestNode[]
  watch: TestWatch
  /** How long the chain shall become. */
  length: number
  /** A whole number from 1 to `most`. */
  draw(most: number): number
  /** Shows the chain as it now is, on all nodes or on those that are named. */
  show(...nodes: TestNode[]): void
  /** Resolves when the watch is at most so many blocks behind the chain. */
  followed(slack: number): Promise<void>
}

/** Lets the chain become as long as it shall. It need not be shown to its end, nor followed. */
export type Course = (stage: Stage) => Promise<void>

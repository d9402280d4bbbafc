import type { Block } from '../../src/model/chain.ts'
import { answeredTraces } from './answeredTraces.ts'
import { linkedChain } from './corpusChain.ts'
import { tracedBlock } from './scene.ts'

/** The 14 recorded blocks with calls, as the loop hands them to whoever wants the calls of every transaction. */
export const recordedTracedBlocks = (): Block[] =>
  linkedChain(14, { from: 'traces' }).map((served) => tracedBlock(served, everything))

const everything = { wantsTraces: ({ transactions }: Block) => transactions }

/** Blocks with calls that stand among the recorded answers of nodes: see `answeredTraces`. */
export const answeredTracedBlocks = (): Block[] =>
  linkedChain(answeredTraces().length, { from: 'answers' }).map((served) => tracedBlock(served, everything))

import type { Hex } from '../../src/model/chain.ts'
import { block, type SomeTransaction, tx } from '../harness/node/block.ts'
import type { ServedBlock } from '../harness/node/rpcTypes.ts'
import { canary } from '../harness/watchScene.ts'

/** A chain on which a canary of its own sings in every block. */
export type SingingChain = {
  /** From number 1 on, as the chain now is. */
  blocks: readonly ServedBlock[]
  head(): ServedBlock
  /** Adds so many blocks. */
  extend(count: number): void
  /** Puts `count` blocks in the place of the newest `depth`: every other canary that is gone comes again in them. */
  reorg(depth: number, count: number): void
  /** What somebody else may take for the newest blocks: `count` of them in the place of the newest `depth`. */
  rivals(depth: number, count: number): ServedBlock[]
}

export function singingChain(random: () => number): SingingChain {
  const blocks: ServedBlock[] = []
  const songs = new Map<Hex, SomeTransaction>()
  let sung = 0

  /** A block with a new canary, and one that has sung before. */
  const singing = (parent: ServedBlock | undefined, again: SomeTransaction | undefined): ServedBlock => {
    const song = canary(++sung, BigInt(1 + Math.floor(random() * 1000)))
    const transactions = [tx(), song, ...(again ? [again] : [])]
    const made = block({ ...(parent ? { parent } : { number: 1 }), transactions, salt: `song ${sung}` })
    songs.set(made.hash, song)
    return made
  }
  const run = (from: ServedBlock | undefined, count: number, again: readonly SomeTransaction[] = []): ServedBlock[] => {
    const made: ServedBlock[] = []
    while (made.length < count) made.push(singing(made.at(-1) ?? from, again[made.length]))
    return made
  }
  return {
    blocks,
    head: () => blocks.at(-1)!,
    extend(count) {
      blocks.push(...run(blocks.at(-1), count))
    },
    reorg(depth, count) {
      const gone = blocks.splice(-depth)
      const again = gone.filter((_, place) => place % 2 === 0).map(({ hash }) => songs.get(hash)!)
      blocks.push(...run(blocks.at(-1), count, again))
    },
    rivals: (depth, count) => run(blocks.at(-1 - depth), count),
  }
}

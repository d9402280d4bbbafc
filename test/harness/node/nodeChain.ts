import type { Hex } from '../../../src/model/chain.ts'
import type { ServedBlock } from './rpcTypes.ts'

/** What one node believes the chain to be, and the verbs by which a test changes its mind. */
export type NodeChain = {
  /** The newest block that is shown. */
  head(): ServedBlock
  /** The oldest block that is held. */
  first(): ServedBlock
  byNumber(number: number): ServedBlock | undefined
  /** Orphaned blocks too, as real nodes do, until `forget`. */
  byHash(hash: Hex): ServedBlock | undefined
  isCanonical(block: ServedBlock): boolean
  transaction(hash: Hex): { block: ServedBlock; index: number } | undefined
  safe(): number
  finalized(): number
  /** Appends on the head; blocks that `setHead` had hidden are gone. */
  extend(...blocks: ServedBlock[]): void
  /** Orphans the newest `depth` blocks and puts others in their place. */
  reorg(depth: number, blocks: readonly ServedBlock[]): void
  /** Shows the chain only up to this block: forwards to let a prepared chain come in, backwards to lag. */
  setHead(number: number): void
  /** From now on exactly this block is finalized; before, it is the one 64 below the head. */
  finalize(number: number): void
  /** Drops all orphaned blocks: they are then unknown by hash. */
  forget(): void
  /** Calls back for each block that becomes a new head. */
  onHead(listener: (block: ServedBlock) => void): () => void
}

export function nodeChain(blocks: readonly ServedBlock[]): NodeChain {
  if (blocks.length === 0) throw new Error('a node needs at least one block')
  const held = heldBlocks(blocks)
  const { canonical, byHash, byNumber } = held
  const listeners = new Set<(block: ServedBlock) => void>()
  let shown = canonical.length
  let finalized: number | null = null

  const head = () => canonical[shown - 1]!
  const first = () => canonical[0]!
  const announce = (block: ServedBlock) => {
    for (const listener of listeners) listener(block)
  }
  const isShown = (block: ServedBlock | undefined) => block !== undefined && block.number <= head().number
  /** Keeps so many blocks, and shows these after them one by one. */
  const goOn = (kept: number, added: readonly ServedBlock[]) => {
    held.cut(kept)
    shown = kept
    for (const block of added) {
      held.append(block)
      shown = canonical.length
      announce(block)
    }
  }

  return {
    head,
    first,
    byNumber: (number) => (isShown(byNumber.get(number)) ? byNumber.get(number) : undefined),
    byHash(hash) {
      const block = byHash.get(hash)
      const hidden = block && byNumber.get(block.number) === block && !isShown(block)
      return hidden ? undefined : block
    },
    isCanonical: (block) => byNumber.get(block.number)?.hash === block.hash && isShown(block),
    transaction(hash) {
      const place = held.placeOf(hash)
      return place && isShown(place.block) ? place : undefined
    },
    safe: () => Math.max(first().number, finalized ?? 0, head().number - 32),
    finalized: () => finalized ?? Math.max(first().number, head().number - 64),
    extend: (...added) => goOn(shown, added),
    reorg(depth, replacement) {
      if (depth < 1 || depth >= shown) throw new Error(`cannot orphan ${depth} of ${shown} blocks`)
      goOn(shown - depth, replacement)
    },
    setHead(number) {
      const before = shown
      const guess = number - first().number
      const index =
        canonical[guess]?.number === number ? guess : canonical.findIndex((block) => block.number === number)
      if (index < 0) throw new Error(`no block ${number} to be the head`)
      shown = index + 1
      for (const block of canonical.slice(before, shown)) announce(block)
    },
    finalize(number) {
      finalized = number
    },
    forget() {
      for (const [hash, block] of byHash) if (byNumber.get(block.number) !== block) byHash.delete(hash)
    },
    onHead(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The blocks of a node in their order, and those that were cut off by their hash only. */
function heldBlocks(blocks: readonly ServedBlock[]) {
  const canonical: ServedBlock[] = []
  const byHash = new Map<Hex, ServedBlock>()
  const byNumber = new Map<number, ServedBlock>()
  /** Built at the first question for a transaction; a cut throws it away. */
  let places: Map<Hex, { block: ServedBlock; index: number }> | null = null

  function append(block: ServedBlock): void {
    const last = canonical.at(-1)
    if (last && block.number <= last.number) throw new Error(`block ${block.number} cannot follow ${last.number}`)
    if (last?.number === block.number - 1 && block.parentHash !== last.hash) {
      throw new Error(`block ${block.number} has another parent than the block before it`)
    }
    canonical.push(block)
    byHash.set(block.hash, block)
    byNumber.set(block.number, block)
  }
  function cut(length: number): void {
    for (const gone of canonical.splice(length)) byNumber.delete(gone.number)
    places = null
  }
  function placeOf(hash: Hex) {
    places ??= new Map(
      canonical.flatMap((block) =>
        block.block.transactions.map((entry, index) => [entry.hash, { block, index }] as const),
      ),
    )
    return places.get(hash)
  }

  for (const block of blocks) append(block)
  return { canonical, byHash, byNumber, append, cut, placeOf }
}

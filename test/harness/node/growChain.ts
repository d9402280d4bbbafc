import { setTimeout as sleep } from 'node:timers/promises'
import type { ServedBlock } from './rpcTypes.ts'
import type { TestNode } from './startNode.ts'

/** What lies between a head and the next: a time, or that somebody has followed. */
export type Pace = (head: ServedBlock) => Promise<unknown>

/** Shows blocks as new heads one after the other, on all nodes at once. */
export async function growChain(
  nodes: readonly Pick<TestNode, 'chain'>[],
  blocks: Iterable<ServedBlock>,
  pace: Pace,
): Promise<void> {
  for (const block of blocks) {
    for (const { chain } of nodes) chain.extend(block)
    await pace(block)
  }
}

/** A head every so many milliseconds, counted from the first: a late one is made up for. */
export function everyMs(ms: number): Pace {
  let due = performance.now()
  return () => {
    due += ms
    return sleep(Math.max(0, due - performance.now()))
  }
}

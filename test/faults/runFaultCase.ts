import { setTimeout as sleep } from 'node:timers/promises'
import { raise } from '../../src/alerts/raise.ts'
import { createTestDatabase } from '../harness/database.ts'
import { startNode, type TestNode } from '../harness/node/startNode.ts'
import { seededRandom } from '../harness/seededRandom.ts'
import { quietContext, startWatch } from '../harness/watchScene.ts'
import { type CanaryCount, canaryMonitor, countCanaries } from './canaries.ts'
import { grow } from './courses.ts'
import type { FaultCase, Stage } from './faultCase.ts'
import { type SingingChain, singingChain } from './singingChain.ts'

export type FaultOutcome = CanaryCount & {
  /** By how many blocks the watch was behind when it was given up; 0: it came to the end. */
  behind: number
  blocks: number
  /** Troubles that the watch had, and reorgs that it followed. */
  troubles: number
  reorgs: number
  seconds: number
}

/**
 * Lets a chain of so many blocks come in through the fault, to the real watch over a real database, and counts what
 * became of the canaries. The fault lasts to the end.
 */
export async function runFaultCase(
  fault: FaultCase,
  { blocks, seed, limitMs }: { blocks: number; seed: number; limitMs: number },
): Promise<FaultOutcome> {
  const start = performance.now()
  const random = seededRandom(seed)
  const chain = singingChain(random)
  chain.extend(1)
  const database = await createTestDatabase()
  const nodes = await Promise.all(
    fault.providers.map((_, place) => startNode({ blocks: [...chain.blocks], seed: seed + place })),
  )
  for (const [place, faults] of fault.providers.entries()) for (const each of faults) nodes[place]!.faults.add(each)
  const watch = startWatch({
    db: database.db,
    urls: nodes.map(({ url, wsUrl }) => (fault.over === 'WebSocket' ? wsUrl : url)),
    monitors: [canaryMonitor],
    // Commits are what takes the time, and alerts that grow old a quarter of it: no canary depends on that.
    raise: (tx, { progress: _, ...raised }) => raise(tx, quietContext, raised),
    timeoutMs: 250,
    ...(fault.chain && { chain: fault.chain }),
  })
  const stage: Stage = {
    chain,
    nodes,
    watch,
    length: blocks,
    draw: (most) => 1 + Math.floor(random() * most),
    show: (...some) => {
      for (const node of some.length > 0 ? some : nodes) showChain(node, chain)
    },
    followed: (slack) => watch.until(() => (watch.status().cursor?.blockNumber ?? 0) >= chain.head().number - slack),
  }
  const play = async () => {
    await (fault.course ?? grow)(stage)
    stage.show()
    await watch.reach(chain.head())
  }
  const reached = await Promise.race([play().then(() => true), sleep(limitMs, false, { ref: false })])
  await watch.stop()
  const cursor = watch.status().cursor?.blockNumber ?? 0
  const count = await countCanaries(database.db, chain.blocks)
  await Promise.all([...nodes.map((node) => node.close()), database.drop()])
  return {
    ...count,
    behind: reached ? 0 : Math.max(1, chain.head().number - cursor),
    blocks: chain.blocks.length,
    troubles: watch.notes.filter(({ kind }) => kind === 'trouble').length,
    reorgs: watch.notes.filter(({ kind }) => kind === 'reorg').length,
    seconds: Math.round((performance.now() - start) / 100) / 10,
  }
}

/** Lets a node tell the chain as it now is, whatever it told before. */
function showChain({ chain: shown }: TestNode, { blocks }: SingingChain): void {
  let common = Math.min(shown.head().number, blocks.length)
  while (shown.byNumber(common)?.hash !== blocks[common - 1]!.hash) common--
  const depth = shown.head().number - common
  const rest = blocks.slice(common)
  if (depth > 0) shown.reorg(depth, rest)
  else shown.extend(...rest)
}

import { RpcError } from '../evm/rpc/rpcError.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import type { MemoryChange } from '../store/memory.ts'
import { createMonitorMemory } from './monitorMemory.ts'
import { type Learnt, type ReplaySource, replay } from './replay.ts'

/** What monitors have learnt of a chain before they judge it. */
export type Lesson = Learnt & {
  /** The blocks that were read; null: none. */
  range: { from: number; to: number } | null
  /** What the memory holds, as changes to one that is empty. */
  changes: MemoryChange[]
  /** How many other findings there were: those are history, and told to nobody. */
  past: number
  /** Why not all of it was read; null: all was. */
  cut: string | null
}

const standingMax = 5000

/**
 * Shows the monitors that learn the `lookBack` blocks before block `first`, so that they know what is usual there when they begin to
 * speak: who pays whom, which functions ask for signatures, how entries follow payments. It tells nobody anything.
 * Where a block cannot be read, or the time is up, it ends with what was learnt so far.
 */
export async function learn(
  { client, monitors, ahead }: ReplaySource,
  { first, lookBack }: { first: number; lookBack: number },
  { forMs = Number.POSITIVE_INFINITY, signal }: { forMs?: number; signal?: AbortSignal } = {},
): Promise<Lesson> {
  const lesson: Lesson = {
    ...{ range: null, memory: createMonitorMemory([]), changes: [], standing: [], past: 0, cut: null },
  }
  const from = Math.max(1, first - lookBack)
  const learners = monitors.filter(({ watch }) => watch.learns)
  if (learners.length === 0) return lesson
  // Who forgets what goes on could never say that it is over.
  const forgetful = new Set(learners.filter(({ watch }) => watch.learns !== true).map(({ name }) => name))
  const changes = new Map<string, MemoryChange>()
  const end = performance.now() + forMs
  try {
    const { memory } = lesson
    for await (const replayed of replay(
      { client, monitors: learners, ahead },
      { from, to: first - 1 },
      { memory, standing: [] },
    )) {
      const { block, sighted, cleared } = replayed
      for (const change of replayed.memory)
        changes.set(`${change.monitor} ${change.key}`, { ...change, before: undefined })
      const over = new Set(cleared)
      const ofState = sighted.filter(
        ({ finding }) => finding.transactionHash === null && !forgetful.has(finding.monitor),
      )
      lesson.standing = [...lesson.standing.filter(({ finding }) => !over.has(finding.alertKey)), ...ofState]
      lesson.past += sighted.length - ofState.length
      lesson.range = { from, to: block.number }
      if (signal?.aborted) break
      if (block.number === first - 1) break
      if (performance.now() > end) lesson.cut = `it took longer than ${Math.round(forMs / 1000)} s`
      if (lesson.standing.length > standingMax) lesson.cut = `more than ${standingMax} findings about the state stand`
      if (lesson.cut) break
    }
  } catch (error) {
    if (!(error instanceof RpcError) && !(error instanceof KnownError)) throw error
    lesson.cut = error.message
  }
  const kept = [...changes.values()].map((change) => ({ ...change, after: keptOf(change, learners) }))
  lesson.memory.apply(kept)
  lesson.changes = kept.filter(({ after }) => after !== undefined)
  return lesson
}

function keptOf({ monitor, key, after }: MemoryChange, learners: readonly Monitor[]): MemoryChange['after'] {
  const learns = learners.find(({ name }) => name === monitor)?.watch.learns
  return typeof learns === 'function' && after !== undefined ? (learns(key, after) ?? undefined) : after
}

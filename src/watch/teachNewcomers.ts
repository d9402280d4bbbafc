import { saveMemory } from '../store/memory.ts'
import type { ChainPlace } from './chainPlace.ts'
import { learn } from './learn.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/** For so long at most nobody looks at new blocks while newcomers learn. */
const learnMs = 30_000
/** Among what a monitor remembers: that it was taught, and what. */
const lessonKey = '(learnt)'

/**
 * Has the monitors that remember nothing at all learn from the blocks before the next one, once in the life of a process.
 * All that they learnt is committed together, or nothing.
 */
export function createTeacher(chain: WatchedChain, deps: WatchDeps) {
  let isDone = chain.lookBack === 0
  return async (here: ChainPlace, first: number, signal: AbortSignal): Promise<void> => {
    if (isDone) return
    isDone = true
    const newcomers = deps.monitors.filter(({ name, watch }) => watch.learns && !here.memory.knows(name))
    if (newcomers.length === 0) return
    const source = { client: deps.client, monitors: newcomers, ahead: chain.ahead }
    const lesson = await learn(source, { first, lookBack: chain.lookBack }, { forMs: learnMs, signal })
    if (signal.aborted) return
    const { range, standing, past, cut } = lesson
    const names = newcomers.map(({ name }) => name)
    if (!range) {
      if (cut) deps.onNote({ kind: 'learnt', monitors: names, lesson })
      return
    }
    const marks = newcomers.flatMap(({ name }) => here.memory.changes(name, { [lessonKey]: range }))
    const changes = [...lesson.changes, ...marks]
    const now = deps.clock()
    await deps.db.transaction(async (tx) => {
      await saveMemory(tx, { chainId: chain.id, blockNumber: first - 1, changes })
      if (standing.length > 0) await deps.raise(tx, { sighted: standing, cleared: [], at: now, now })
    })
    here.memory.apply(changes)
    deps.onNote({ kind: 'learnt', monitors: names, lesson: { range, past, cut } })
  }
}

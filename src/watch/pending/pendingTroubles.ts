import { plainText } from '../../lib/plainText.ts'
import type { Monitor } from '../../model/monitor.ts'
import { selfAlertKey, selfFinding } from '../selfFinding.ts'
import type { WatchDeps, WatchedChain } from '../watchedChain.ts'
import type { PendingSources } from './pendingSources.ts'

/** Tells people of what keeps pending transactions from being seen or tried: once as long as it lasts, and that it is over. */
export type PendingTroubles = {
  listen(sources: PendingSources): void
  /** Notes why one could not be tried. */
  untriable(reason: string): void
  /** @param lost How many more were passed over. */
  tell(lost: number): Promise<void>
}

/** What is noted within it is told of together. */
const gatherMs = 1_000
/** Without more of it, a trouble is over. */
const overMs = 60_000
const reasonMax = 300

type Kind = 'unseen' | 'untriable' | 'lost'
/** `since`: of what is not told yet; `told`: people know of it. */
type State = { since: number | null; last: number; count: number; reason: string; told: boolean }

const troubles: Record<Kind, string> = {
  unseen: 'pending transactions are not seen',
  untriable: 'pending transactions cannot be tried',
  lost: 'there are more pending transactions than can be tried',
}

/** Behind the names of the monitors. */
const told: Record<Kind, (state: State, chain: string) => string> = {
  unseen: ({ reason }, chain) => `sees no pending transactions of ${chain}: ${reason}`,
  untriable: ({ count, reason }, chain) => `could not try ${count} pending transactions of ${chain}: ${reason}`,
  lost: ({ count }, chain) => `saw ${count} pending transactions of ${chain} that it had no time to try`,
}

export function createPendingTroubles(
  chain: Pick<WatchedChain, 'id' | 'name'>,
  monitors: readonly Monitor[],
  { db, raise, clock }: Pick<WatchDeps, 'db' | 'raise' | 'clock'>,
): PendingTroubles {
  const names = monitors.map(({ name }) => name).join(', ')
  const states = new Map<Kind, State>()
  let sources: PendingSources | undefined
  /** What a process before us told of. */
  let isClean = false

  function note(kind: Kind, reason: string, count = 1): void {
    const now = performance.now()
    const before = states.get(kind)
    states.set(kind, {
      since: before?.since ?? now,
      last: now,
      count: (before?.count ?? 0) + count,
      reason: plainText(reason, reasonMax),
      told: before?.told ?? false,
    })
  }

  /** What goes on is told of again after a minute, as more of the same alert. */
  function dueOf(kind: Kind, state: State, now: number): boolean {
    if (state.since === null || (kind === 'unseen' && state.told)) return false
    return now - state.since >= (state.told ? overMs : gatherMs)
  }

  async function tellOf(kind: Kind, state: State): Promise<void> {
    const now = clock()
    const title = `Monitor ${names} ${told[kind](state, chain.name)}`
    const about = { chainId: chain.id, trouble: troubles[kind], episode: now.toISOString(), title }
    const facts = { monitors: names, ...(kind !== 'lost' && { reason: state.reason }), count: String(state.count) }
    const finding = selfFinding({ ...about, severity: 'medium', facts })
    await db.transaction((tx) => raise(tx, { sighted: [{ finding, sighting: null }], cleared: [], at: now, now }))
    states.set(kind, { ...state, since: null, count: 0, told: true })
  }

  async function clear(kinds: readonly Kind[]): Promise<void> {
    const now = clock()
    const cleared = kinds.map((kind) => selfAlertKey(chain.id, troubles[kind]))
    await db.transaction((tx) => raise(tx, { sighted: [], cleared, at: now, now }))
    for (const kind of kinds) states.delete(kind)
  }

  return {
    listen(given) {
      sources = given
    },
    untriable: (reason) => note('untriable', reason),
    async tell(lost) {
      const now = performance.now()
      if (!isClean) await clear(['unseen', 'untriable', 'lost'])
      isClean = true
      if (lost > 0) note('lost', '', lost)
      const reason = sources?.whyBlind(now) ?? null
      if (reason !== null) note('unseen', reason)
      for (const [kind, state] of states) {
        const isOver = kind === 'unseen' ? reason === null : now - state.last >= overMs
        if (dueOf(kind, state, now)) await tellOf(kind, state)
        else if (isOver && state.told) await clear([kind])
        else if (isOver && kind === 'unseen') states.delete(kind)
      }
    },
  }
}

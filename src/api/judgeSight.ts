import type { ChainStatus, MonitorStatus } from '../model/status.ts'
import { type Blindness, wholeChain } from '../store/blindness.ts'

/**
 * Whether somebody looks. `behind`: what is judged is old, and more is known to be there. `blind`: what happens now
 * nobody sees. `off`: nobody is meant to look.
 */
export type Sight = { state: 'seen' | 'behind' | 'blind' | 'off'; reason: string | null; since: Date | null }

/** A chain that is caught up and has no block younger than this stands still, or we do not see it. */
const stalledAfterSeconds = 300
/** Lag that lasts no longer than this is only the next block on its way. */
const behindAfterSeconds = 60

const seen: Sight = { state: 'seen', reason: null, since: null }

/** Judges a chain. Doubt counts as blindness: the console must never look calm about what it cannot see. */
export function judgeChain(chain: ChainStatus, blindness: readonly Blindness[], now: Date): Sight {
  if (chain.blind) return { state: 'blind', reason: chain.blind.reason, since: new Date(chain.blind.since) }
  const stored = blindness.find(({ chainId, monitor }) => chainId === chain.id && monitor === wholeChain)
  if (stored) return { state: 'blind', reason: stored.reason, since: stored.since }
  if (chain.cursor === null || chain.cursorTimestamp === null)
    return { state: 'blind', reason: 'No block of it has been judged yet.', since: null }

  const judged = new Date(chain.cursorTimestamp * 1000)
  const ageSeconds = Math.floor((now.getTime() - judged.getTime()) / 1000)
  const lag = chain.lag ?? 0
  if (lag > 0 && ageSeconds > behindAfterSeconds)
    return { state: 'behind', reason: behindReason(lag, chain.headLane), since: judged }
  if (ageSeconds > stalledAfterSeconds)
    return {
      state: 'blind',
      reason: 'No new block for more than five minutes: the chain stands still, or its providers do.',
      since: judged,
    }
  return seen
}

function behindReason(lag: number, headLane: number | null): string {
  const rest = `${lag} ${lag === 1 ? 'block is' : 'blocks are'} still to be judged`
  if (headLane === null) return `${rest}.`
  return `${rest}; monitors that need no memory watch the head meanwhile, at block ${headLane}.`
}

/** Judges a monitor, given what was judged of its chain; `chain` is undefined where nobody reads that chain. */
export function judgeMonitor(monitor: MonitorStatus, chain: Sight | undefined, blindness: readonly Blindness[]): Sight {
  if (monitor.mode === 'off') return { state: 'off', reason: null, since: null }
  if (!chain) return { state: 'blind', reason: `Nobody reads chain ${monitor.chainId}.`, since: null }
  const own = blindness.find(({ chainId, monitor: name }) => chainId === monitor.chainId && name === monitor.name)
  if (own) return { state: 'blind', reason: own.reason, since: own.since }
  return chain
}

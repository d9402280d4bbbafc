import type { Bridge } from '../../model/bridge.ts'
import type { LegRow } from '../../store/bridgeLegs.ts'
import type { BridgeRead } from '../../store/bridgeReads.ts'

/**
 * What is wrong with a leg. `unlocked`: released, and nothing was locked for it. `older`: the same, but what was locked
 * may be older than the watch. `again`: released a second time. `token`, `recipient`, `more`: another than was locked.
 * `less`: less than the fee explains. `late`: locked, and not released in time.
 */
export type Fault = 'unlocked' | 'older' | 'again' | 'token' | 'recipient' | 'more' | 'less' | 'late'

export type Verdict =
  | { is: 'fine' }
  /** To be judged when the other chain was read up to this time. */
  | { is: 'open'; until: number }
  | { is: Fault; lock?: LegRow; release?: LegRow }

/** The first leg of each side of a message, and how far both chains were read. */
export type Known = {
  lock: LegRow | undefined
  release: LegRow | undefined
  reads: { locked: BridgeRead | undefined; released: BridgeRead | undefined }
}

type Terms = Pick<Bridge, 'feePpm' | 'graceSeconds' | 'lateSeconds'>

/**
 * Judges one leg by all that is known of its message. Pure, and the same in whichever order the chains were read: a
 * reorg that changes the legs changes the verdict, and nothing else does.
 */
export function judgeLeg(leg: LegRow, known: Known, terms: Terms): Verdict {
  return leg.side === 'released' ? judgeRelease(leg, known, terms) : judgeLock(leg, known, terms)
}

function judgeRelease(leg: LegRow, { lock, release, reads }: Known, terms: Terms): Verdict {
  if (release && !isSame(release, leg)) return { is: 'again', release, ...(lock && { lock }) }
  const { agreedTo = null, agreedNumber = null, since = 0 } = reads.locked ?? {}
  const missingFrom = leg.timestamp + terms.graceSeconds
  if (lock && lock.timestamp <= missingFrom) {
    const fault = misfit(leg, lock, terms)
    if (fault) return { is: fault, lock }
    // A provider that shows a lock to us alone must not clear a release.
    return (agreedNumber ?? -1) >= lock.blockNumber ? { is: 'fine' } : { is: 'open', until: lock.timestamp }
  }
  if (agreedTo === null || agreedTo <= missingFrom) return { is: 'open', until: missingFrom + 1 }
  return { is: since > leg.timestamp - terms.lateSeconds ? 'older' : 'unlocked' }
}

function judgeLock(leg: LegRow, { release, reads }: Known, { lateSeconds }: Terms): Verdict {
  const lateFrom = leg.timestamp + lateSeconds
  if (release) return { is: release.timestamp <= lateFrom ? 'fine' : 'late', release }
  const { agreedTo = null, since = 0 } = reads.released ?? {}
  // It may have been released before we looked.
  if (since > leg.timestamp) return { is: 'fine' }
  return agreedTo !== null && agreedTo > lateFrom ? { is: 'late' } : { is: 'open', until: lateFrom + 1 }
}

function misfit(release: LegRow, lock: LegRow, { feePpm }: Terms): Fault | null {
  if (isOther(lock.token, release.token)) return 'token'
  if (isOther(lock.recipient, release.recipient)) return 'recipient'
  const [locked, released] = [BigInt(lock.amount), BigInt(release.amount)]
  if (released > locked) return 'more'
  if (feePpm === null) return null
  return released * 1_000_000n < locked * BigInt(1_000_000 - feePpm) ? 'less' : null
}

/** What one side does not tell cannot be compared. */
const isOther = (locked: string | null, released: string | null) =>
  locked !== null && released !== null && locked !== released

const isSame = (a: LegRow, b: LegRow) => a.transactionHash === b.transactionHash && a.position === b.position

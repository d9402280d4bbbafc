import type { BridgeSide } from '../../model/bridge.ts'
import type { BridgeRead } from '../../store/bridgeReads.ts'
import type { TotalRow } from '../../store/bridgeTotals.ts'

/**
 * What is wrong with a total. `unbacked`: more is released than is locked. `standing`: the same, but it was so when both
 * chains were first seen, as by how the bridge is made, or by what happened before.
 */
export type TotalFault = 'unbacked' | 'standing'
export type TotalVerdict =
  | { is: 'fine' }
  /** To be judged when the other chain was read up to this time. */
  | { is: 'open'; until: number }
  | { is: TotalFault; locked: bigint; released: bigint }

/** The oldest first, beginning with what lay there when the time of the list begins. */
export type Totals = Readonly<Record<BridgeSide, readonly TotalRow[]>>
type Reads = Readonly<Record<BridgeSide, BridgeRead | undefined>>
type Terms = { graceSeconds: number; slackPpm: number }

const otherOf = { locked: 'released', released: 'locked' } as const

/** From when on both chains were read without a gap for long enough, in their own time; null: not both are read. */
export function commonSince({ locked, released }: Reads, { graceSeconds }: Terms): number | null {
  return locked && released ? Math.max(locked.since, released.since) + graceSeconds : null
}

/**
 * Judges what lies on one side from a block on. Something is locked before it is released, and comes back before it is
 * unlocked: so at any time no more is released than is locked, however much is on its way. The clocks of two chains may
 * differ by `grace`: of the other side counts what spoke for the bridge most within that time. Pure, and the same in
 * whichever order the chains were read.
 * @param totals From `grace` before the row, or before `commonSince`, to as long after it.
 * @param base What was missing from the beginning.
 */
export function judgeTotal(row: TotalRow, totals: Totals, reads: Reads, terms: Terms, base: bigint): TotalVerdict {
  const { graceSeconds } = terms
  const since = commonSince(reads, terms)
  if (since === null) return { is: 'open', until: row.timestamp + graceSeconds + 1 }
  const at = Math.max(row.timestamp, since)
  if (totals[row.side].some((each) => each.timestamp <= at && isAfter(each, row))) return { is: 'fine' }
  const readTo = reads[otherOf[row.side]]?.agreedTo ?? null
  if (readTo === null || readTo <= at + graceSeconds) return { is: 'open', until: at + graceSeconds + 1 }
  const own = [BigInt(row.amount)]
  const other = within(totals[otherOf[row.side]], at - graceSeconds, at + graceSeconds)
  const [locked, released] = row.side === 'locked' ? [own, other] : [other, own]
  const found = missingIn(locked, released, terms)
  if (!found || found.missing <= 0n) return { is: 'fine' }
  if (found.missing > base) return { is: 'unbacked', locked: found.locked, released: found.released }
  const isFirst = row.side === 'released' && at === since
  return isFirst ? { is: 'standing', locked: found.locked, released: found.released } : { is: 'fine' }
}

/** How much more was released than locked when both chains were first seen. */
export function missingAt(totals: Totals, since: number, terms: Terms): bigint {
  const [from, to] = [since - terms.graceSeconds, since + terms.graceSeconds]
  const found = missingIn(within(totals.locked, from, to), within(totals.released, from, to), terms)
  return found && found.missing > 0n ? found.missing : 0n
}

/** Null: nobody has said yet what lies on one of the sides. */
function missingIn(locked: readonly bigint[], released: readonly bigint[], { slackPpm }: Terms) {
  if (locked.length === 0 || released.length === 0) return null
  const most = locked.reduce((a, b) => (a > b ? a : b))
  const least = released.reduce((a, b) => (a < b ? a : b))
  const slack = (most * BigInt(slackPpm)) / 1_000_000n
  return { locked: most, released: least, missing: least - most - slack }
}

/** All that lay there between two times: what was there at first, and what changed it. */
function within(rows: readonly TotalRow[], from: number, to: number): bigint[] {
  const first = rows.findLast(({ timestamp }) => timestamp <= from)
  const later = rows.filter(({ timestamp }) => timestamp > from && timestamp <= to)
  return [...(first ? [first] : []), ...later].map(({ amount }) => BigInt(amount))
}

const isAfter = (a: TotalRow, b: TotalRow) =>
  a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.blockNumber > b.blockNumber)

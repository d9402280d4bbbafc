import { durationWords } from '../../lib/durationWords.ts'
import { truncate } from '../../lib/truncate.ts'
import type { Bridge, BridgeEnd } from '../../model/bridge.ts'
import type { Claim, Json } from '../../model/finding.ts'
import type { Monitor } from '../../model/monitor.ts'
import { compareSeverity, type Severity } from '../../model/severity.ts'
import type { LegRow } from '../../store/bridgeLegs.ts'
import { type Sighted, toFinding } from '../toFinding.ts'
import type { Fault, Verdict } from './judgeLeg.ts'

/** Faults that are no proof of a theft: the most that is made of them. */
const milder: Partial<Record<Fault, Severity>> = { older: 'high', less: 'medium', late: 'medium' }

/** A leg with which something is wrong, as a finding that stands and falls with the block of the leg. */
export function legFinding(
  monitor: Monitor,
  bridge: Bridge,
  leg: LegRow,
  verdict: Exclude<Verdict, { is: 'fine' | 'open' }>,
): Sighted {
  const { is, lock, release } = verdict
  const limit = milder[is]
  const claim: Claim = {
    key: `${is} ${leg.side} ${leg.position}`,
    transactionHash: leg.transactionHash,
    logIndex: leg.logIndex,
    address: bridge[leg.side].address,
    title: titleOf(bridge, leg, verdict),
    facts: {
      message: leg.message,
      fault: is,
      ...factsOf(leg),
      ...(lock && { lockedTransaction: lock.transactionHash, locked: factsOf(lock) }),
      ...(release && { releasedTransaction: release.transactionHash, released: factsOf(release) }),
    },
    evidence: is === 'older' || is === 'late' ? 'soft' : 'hard',
    confidence: is === 'older' ? 'low' : 'high',
    ...(limit && compareSeverity(monitor.severity, limit) > 0 && { severity: limit }),
    // What pages people must not drown in what does not, nor keep an alert of it open.
    ...(limit && { group: is }),
  }
  const { blockNumber: number, blockHash: hash, timestamp } = leg
  return toFinding({ ...monitor, chainId: leg.chainId }, claim, { number, hash, timestamp })
}

function factsOf({ token, amount, recipient }: LegRow): Record<string, Json> {
  return { token, amount, recipient }
}

const placeOf = ({ contract, chain }: BridgeEnd) => `${contract} on ${chain.name}`

const shown = (text: string | null) => truncate(text ?? 'what it does not tell', 80)

function titleOf(bridge: Bridge, leg: LegRow, { is, lock }: Extract<Verdict, { is: Fault }>): string {
  const [from, to] = [placeOf(bridge.locked), placeOf(bridge.released)]
  const message = `message ${shown(leg.message)}`
  const what = leg.token ? `${leg.amount} of ${shown(leg.token)}` : leg.amount
  const released = `${to} released ${what} for ${message}`
  const titles: Record<Fault, string> = {
    unlocked: `${released}, for which nothing was locked in ${from}`,
    older: `${released}, for which nothing was locked in ${from} since that is watched: it may have been before`,
    again: `${released} once more, which had been released already`,
    token: `${released}, for which ${shown(lock?.token ?? null)} is due`,
    recipient: `${released} to ${shown(leg.recipient)}, though it is for ${shown(lock?.recipient ?? null)}`,
    more: `${released}, for which only ${lock?.amount ?? '0'} is due`,
    less: `${released}, for which ${lock?.amount ?? '0'} is due: the fee does not explain it`,
    late: `${what} locked in ${from} for ${message} was not released in ${to} within ${durationWords(bridge.lateSeconds)}`,
  }
  return titles[is]
}

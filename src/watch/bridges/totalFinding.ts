import type { BridgeEnd } from '../../model/bridge.ts'
import type { Claim } from '../../model/finding.ts'
import { compareSeverity } from '../../model/severity.ts'
import type { TotalRow } from '../../store/bridgeTotals.ts'
import { type Sighted, toFinding } from '../toFinding.ts'
import type { BridgeMonitor } from './bridgeMonitor.ts'
import type { TotalFault, TotalVerdict } from './judgeTotal.ts'

/** All that is told of the totals of a bridge on one chain is one alert. */
export const totalGroup = 'totals'

/** A total that nothing stands behind, as a finding that stands and falls with the block that changed it. */
export function totalFinding(
  monitor: BridgeMonitor,
  row: TotalRow,
  { is, locked, released }: Extract<TotalVerdict, { is: TotalFault }>,
): Sighted {
  const { bridge } = monitor.watch
  const [from, to] = [placeOf(bridge.locked), placeOf(bridge.released)]
  const { side, chainId, blockNumber: number, blockHash: hash, timestamp } = row
  const isStanding = is === 'standing'
  const words = isStanding
    ? `${to} has released ${released}, for which only ${locked} is locked in ${from}: it was so when both were first seen`
    : side === 'released'
      ? `${to} has released ${released} in all, for which only ${locked} is locked in ${from}`
      : `Only ${locked} is locked in ${from}, for which ${to} has released ${released} in all`
  const claim: Claim = {
    // Of what the other chain said when it was judged: after a reorg that changes it, it is another finding.
    key: `${is} ${side} ${number} ${locked} ${released}`,
    subject: `total ${bridge[side].address}`,
    address: bridge[side].address,
    title: words,
    facts: { fault: is, locked: String(locked), released: String(released), missing: String(released - locked) },
    evidence: isStanding ? 'soft' : 'hard',
    confidence: isStanding ? 'low' : 'high',
    ...(isStanding && compareSeverity(monitor.severity, 'high') > 0 && { severity: 'high' as const }),
    group: totalGroup,
  }
  return toFinding({ ...monitor, chainId }, claim, { number, hash, timestamp })
}

const placeOf = ({ contract, chain }: BridgeEnd) => `${contract} on ${chain.name}`

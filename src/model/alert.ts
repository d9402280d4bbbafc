import type { Address, Hex } from './chain.ts'
import type { Severity } from './severity.ts'

/** What people and the detector have done about it. */
export type AlertState = 'firing' | 'acknowledged' | 'resolved'

/**
 * How sure the chain is of it. `provisional`: at the head. `confirmed`: the chain's confirmations have passed.
 * `final`: it cannot vanish any more (always so for alerts that no block is the source of). `retracted`: a reorg
 * took away every sighting of it.
 */
export type AlertStage = 'provisional' | 'confirmed' | 'final' | 'retracted'

/** Why nobody was told where the config names nobody. Nobody wanted that silence, so such an alert fires as any other. */
export const noRoute = 'no route leads to anybody'

/** Findings with one key, from the first of them until it is over. */
export type Alert = {
  /** hash(key, id of the first finding). */
  id: string
  key: string
  monitor: string
  detector: string
  chainId: number
  address: Address
  severity: Severity
  title: string
  state: AlertState
  stage: AlertStage
  /** How many findings joined it. */
  findings: number
  /** Chain time of the first and the last block in which it was seen. */
  firstSeenAt: Date
  lastSeenAt: Date
  /** Block and transaction of the first finding, where it has one. */
  blockNumber: number | null
  transactionHash: Hex | null
  acknowledgedBy: string | null
  resolvedAt: Date | null
  resolvedBecause: string | null
  /** Why nobody was told, if so: a silence, an inhibition, shadow mode, or `noRoute`. */
  mutedBecause: string | null
}

import type { Address, Hex } from './chain.ts'
import type { Severity } from './severity.ts'

/** Plain data, as it is stored: no bigint, no date. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** `hard`: the loss or the change itself was seen. `soft`: a sign of it. */
export type Evidence = 'soft' | 'hard'
export type Confidence = 'low' | 'medium' | 'high'

/**
 * How large something was, in the unit of the limit that it reached, so that a replay can say which limit would have kept
 * quiet about it. `limit` is where the limit stands in the options, such as `windows`, `5m`.
 */
export type Measured = { limit: readonly string[]; value: number }

/** What a detector says about an observation. It becomes a Finding when it is raised. */
export type Claim = {
  /**
   * Names the claim within its transaction, or within its `subject`. It must survive a reorg that takes the
   * transaction along: build it from `log.position`, never from `logIndex`. A claim about state that may come back
   * later counts its episodes in it.
   */
  key: string
  /** The transaction concerned; absent where the claim is about state. */
  transactionHash?: Hex
  /** Index in the block of the log concerned. */
  logIndex?: number
  /** What a claim without a transaction is about, such as `storage 0x… slot 0x…`. */
  subject?: string
  /** The watched contract concerned. */
  address: Address
  /** One plain sentence: what happened, where, how much. */
  title: string
  /** Integers as decimal strings, addresses lower case. Bounded by whoever makes it: at most 64 facts. */
  facts: Record<string, Json>
  evidence: Evidence
  confidence?: Confidence
  /** Where the case at hand is graver or milder than the monitor's severity. */
  severity?: Severity
  /** Who did it, such as the contract that was made for it. Default: the sender of the transaction. */
  actors?: readonly Address[]
  /** Findings of one monitor with the same group join one alert. Default: the address. */
  group?: string
  /**
   * What gave it its severity, where that is a matter of size, and as large a limit would have spared it. Left out where
   * what was seen is wrong whatever its size: nobody is to be advised to allow more of it.
   */
  measured?: Measured
}

/** One claim of one monitor, with its identity. */
export type Finding = {
  /** hash(monitor, chain, transaction hash or subject, key): the same on both sides of a reorg. */
  id: string
  monitor: string
  detector: string
  chainId: number
  severity: Severity
  confidence: Confidence
  evidence: Evidence
  title: string
  address: Address
  transactionHash: Hex | null
  facts: Record<string, Json>
  /** Key of the alert that it joins. */
  alertKey: string
}

/** Where a finding was seen. A reorg orphans it; the finding stays. */
export type Sighting = {
  findingId: string
  chainId: number
  blockNumber: number
  blockHash: Hex
  /** Unix time of the block in seconds. */
  timestamp: number
  logIndex: number | null
}

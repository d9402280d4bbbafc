import type { Address } from './chain.ts'
import type { Severity } from './severity.ts'

/** JSON-RPC calls by method. */
export type Calls = Readonly<Record<string, number>>

/** How one RPC provider does, as seen by us. */
export type ProviderStatus = {
  /** Host only: a URL may hold a key. */
  host: string
  /**
   * `refused`: it serves another chain; it is not asked any more. `distrusted`: it lately told what its own hashes
   * contradict; it is asked only where no other answers.
   */
  state: 'untried' | 'ok' | 'failing' | 'refused' | 'distrusted'
  /** Newest block that it told of. */
  head: number | null
  /** Since when it is counted: ISO 8601, UTC. */
  since: string
  /** HTTP requests and WebSocket messages sent, each perhaps a whole batch. */
  requests: number
  /** What it may charge for: every call for itself, also those of a batch; and as `eth_subscription` each new head told. */
  calls: Calls
  errors: number
  /** Time of the last answer, in milliseconds. */
  latencyMs: number | null
  lastError: string | null
  /** Answers that cannot be true, since the start. */
  untruths: number
  lastUntruth: string | null
}

/**
 * What of the newest blocks was proved by recomputing hashes: the header by the block's hash, transactions and receipts
 * by the roots in the header. False: it could not be proved on this chain, or every provider contradicts it. Null: nothing
 * was read yet.
 */
export type Verified = { header: boolean | null; transactions: boolean | null; receipts: boolean | null }

export type ChainStatus = {
  name: string
  id: number
  /** Newest block known; null before the first answer. */
  head: number | null
  finalized: number | null
  /** Last block judged and committed. */
  cursor: number | null
  /** Unix time of the cursor's block in seconds. */
  cursorTimestamp: number | null
  /** Blocks between cursor and head. */
  lag: number | null
  /** Newest block that the monitors without memory have judged ahead of the cursor; null: it is not far behind. */
  headLane: number | null
  /** Since when and why the chain cannot be watched; null: it can. */
  blind: { since: string; reason: string } | null
  providers: ProviderStatus[]
  verified: Verified
  explorer: string | null
}

export type MonitorStatus = {
  name: string
  detector: string
  /** Title of the detector. */
  title: string
  chainId: number
  on: { name: string; address: Address }[]
  severity: Severity
  mode: 'active' | 'shadow' | 'off'
  /** The rule of the config in words of the config, where there is one. */
  rule: string | null
}

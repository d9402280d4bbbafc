import type { AlertStage, AlertState } from './alert.ts'
import type { Address, Hex } from './chain.ts'
import type { Severity } from './severity.ts'

export type MessageKind = 'firing' | 'updated' | 'acknowledged' | 'resolved' | 'retracted' | 'test'

/** Words for people, complete: a channel only lays them out. Plain data, stored with the alert's change it tells of. */
export type Message = {
  /** Idempotency key: the same at every attempt to deliver it, and after a crash. */
  id: string
  kind: MessageKind
  severity: Severity
  /** One line, such as `High: 1,200,000 USDC left vault in one transaction`. */
  title: string
  /** What happened, where, how bad, how sure: whole sentences. */
  sentences: string[]
  /** What to do. */
  advice: string
  facts: { name: string; value: string }[]
  /** To the explorer and to the console. */
  links: { title: string; url: string }[]
  /** ISO 8601, UTC: when what it tells of happened. */
  at: string
  /** Absent for a test message and for a summary (`and 12 more`). */
  alert?: {
    id: string
    key: string
    state: AlertState
    stage: AlertStage
    monitor: string
    detector: string
    chain: { id: number; name: string }
    contract: { name: string; address: Address }
    findings: number
    blockNumber: number | null
    transactionHash: Hex | null
  }
}

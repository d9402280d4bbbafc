import type { SignKind, Watch } from './detector.ts'
import type { Severity } from './severity.ts'

/** A detector put to work by the config on one chain, compiled. */
export type Monitor = {
  /** As in the config. */
  name: string
  /** Id of its detector. */
  detector: string
  chainId: number
  severity: Severity
  /** `shadow`: its findings are stored and shown, and nobody is told. */
  mode: 'active' | 'shadow' | 'off'
  /** Names of the contracts it watches. */
  on: readonly string[]
  /** Seconds of the chain's time without a new finding after which its alerts resolve; null: by hand or by the detector only. */
  resolveAfterSeconds: number | null
  watch: Watch
  /** What its findings say about an attack. */
  sign?: SignKind
}

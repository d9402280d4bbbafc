import type { Severity } from '../../model/severity.ts'

/** A monitor worth having, as the config writes it, and why: one sentence a line. */
export type Proposal = {
  name: string
  use: string
  on: string[]
  when?: string
  severity?: Severity
  options?: Record<string, unknown>
  why: string[]
}

import type { Severity } from './severity.ts'

/** Which alerts are meant. A field left out matches all; lists are alternatives. */
export type Matcher = {
  severities?: readonly Severity[]
  monitors?: readonly string[]
  detectors?: readonly string[]
  /** Names of contracts in the config. */
  contracts?: readonly string[]
  /** Names of chains in the config. */
  chains?: readonly string[]
}

/** Who is told of which alerts. Every route that matches counts. */
export type Route = { match: Matcher; notify: readonly string[] }

/** What two alerts may have in common. `block`: that in which each was seen first. */
export const commonGrounds = ['contract', 'chain', 'transaction', 'block'] as const
export type CommonGround = (typeof commonGrounds)[number]

/** While an alert that matches `when` fires, alerts that match `mute` on the same values of `equal` tell nobody. */
export type Inhibition = { when: Matcher; mute: Matcher; equal: readonly CommonGround[] }

/** Who is not told, until when and why. Always ends, always has a reason. */
export type Silence = {
  id: string
  match: Matcher
  reason: string
  createdBy: string
  createdAt: Date
  endsAt: Date
}

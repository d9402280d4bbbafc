import type { Address } from './chain.ts'
import type { Finding } from './finding.ts'

/** Where in the course of an attack a sign belongs. */
export const stages = ['funding', 'preparation', 'exploitation', 'laundering'] as const
export type Stage = (typeof stages)[number]

/**
 * What a sign rests on. Signs that rest on different things are independent of each other: what makes one false, such as
 * an arbitrage that looks like a pushed price, does not make the other false.
 */
export const grounds = ['code', 'calls', 'prices', 'value', 'power', 'approvals', 'frequency', 'funds'] as const
export type Ground = (typeof grounds)[number]

/** A finding as a sign of an attack. */
export type Sign = {
  finding: Finding
  stage: Stage
  restsOn: Ground
  /** Who did it. Empty where it is about state. */
  actors: readonly Address[]
}

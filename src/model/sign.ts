import type { Address } from './chain.ts'
import type { Finding } from './finding.ts'

/** Where in the course of an attack a sign belongs. */
export type Stage = 'funding' | 'preparation' | 'exploitation' | 'laundering'

/**
 * What a sign rests on. Signs that rest on different things are independent of each other: what makes one false, such as
 * an arbitrage that looks like a pushed price, does not make the other false.
 */
export type Ground = 'code' | 'calls' | 'prices' | 'value' | 'power' | 'approvals' | 'frequency' | 'funds'

/** A finding as a sign of an attack. */
export type Sign = {
  finding: Finding
  stage: Stage
  restsOn: Ground
  /** Who did it. Empty where it is about state. */
  actors: readonly Address[]
}

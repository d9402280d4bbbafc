import type { Hex } from 'viem'
import type { Stage } from './stage.ts'

export const themes = ['access', 'safe', 'governance', 'value', 'oracle', 'attack', 'dependency'] as const
export type Theme = (typeof themes)[number]

/** An attack on contracts of a chain of their own, and its benign twin: an honest event that looks like it. */
export type Scenario = {
  /** Kebab case. */
  name: string
  theme: Theme
  /** One sentence: what the thief does. */
  attack: string
  /** One sentence: what honest people do that looks alike. */
  twin: string
  /** Deploys what is watched. */
  build(stage: Stage): Promise<Play>
}

/** A scenario on its stage, ready to be played. Attack and twin are each played from the same moment, never both. */
export type Play = {
  /** What the team gives to `tocsin init`. */
  protect: readonly Hex[]
  /** Those of which a finding must name one. */
  victims: readonly Hex[]
  /** Ordinary use: what a watch that has just begun has seen. */
  ordinary(): Promise<void>
  attack(): Promise<void>
  twin(): Promise<void>
}

import type { Severity } from '../../../model/severity.ts'
import type { Ground, Stage } from '../../../model/sign.ts'
import type { RememberedSign } from './rememberedSign.ts'

/**
 * What a fresh sign says for an attack, in nats: ln(share of attacks that give it) - ln(share of ordinary transactions
 * that do), from the scenarios and from recorded mainnet traffic. A graver one gives no more: how rare it can be shown to
 * be ends with how much traffic is at hand.
 */
const weights: Record<Severity, number> = { info: 1, low: 2.7, medium: 6.4, high: 7.4, critical: 7.4 }

/** An attack takes its time before it strikes, and little when it does. */
const halfLifeSeconds: Record<Stage, number> = {
  funding: 86_400,
  preparation: 86_400,
  exploitation: 3_600,
  laundering: 86_400,
}

/** Below this a sign says nothing any more. */
const weightMin = 0.5

/** Nats that are left of a sign after a while. */
export function weightOf({ severity, stage, time }: RememberedSign, now: number): number {
  return weights[severity] * 2 ** (-Math.max(0, now - time) / halfLifeSeconds[stage])
}

export const isFaded = (sign: RememberedSign, now: number): boolean => weightOf(sign, now) < weightMin

/** `strongest`: of each thing that signs rest on, the strongest sign: those that rest on one thing are right or wrong together. */
export type Weighed = { score: number; strongest: { sign: RememberedSign; weight: number }[] }

export function weighSigns(signs: readonly RememberedSign[], now: number): Weighed {
  const byGround = new Map<Ground, { sign: RememberedSign; weight: number }>()
  for (const sign of signs) {
    const weight = weightOf(sign, now)
    if (weight > (byGround.get(sign.restsOn)?.weight ?? 0)) byGround.set(sign.restsOn, { sign, weight })
  }
  const strongest = [...byGround.values()].toSorted((a, b) => b.weight - a.weight)
  return { score: strongest.reduce((sum, { weight }) => sum + weight, 0), strongest }
}

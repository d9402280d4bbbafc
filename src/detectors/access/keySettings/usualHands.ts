import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import { hexShape } from '../../remembered.ts'

/** How often each of some accounts set the same thing, and when last, in unix seconds. Plain data. */
export const handsShape = z.record(hexShape, z.tuple([z.number(), z.number()]))
export type Hands = Readonly<z.output<typeof handsShape>>

const [handsMax, countedMax] = [8, 100]
/** Who publishes something every week has done so before; what many set, each of them sets. */
const many = 3
/** Who sets whom to pay as part of its work does so at least every week. */
const recentSeconds = 7 * 86_400

export function afterHand(hands: Hands, by: Address, time: number): Hands {
  const next: Hands = { ...hands, [by]: [Math.min((hands[by]?.[0] ?? 0) + 1, countedMax), time] }
  return Object.fromEntries(Object.entries(next).slice(0, handsMax))
}

/**
 * Why it is in the course of business that somebody sets something once more; null: it is not. A hash, such as the root of
 * a list, is set again and again by the same hand, an address hardly ever.
 */
export function whyUsual(
  by: Address,
  hands: Hands,
  {
    isCommitment,
    restless,
    isReplaced,
    time,
  }: { isCommitment: boolean; restless: boolean; isReplaced: boolean; time: number },
): string | null {
  if (isReplaced) return null
  const counts = Object.values(hands).map(([count]) => count)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const [own, last] = hands[by] ?? [0, 0]
  if (counts.length >= many) return `${counts.length} accounts set it before`
  if (own > 0 && time - last <= recentSeconds) return same
  if (!isCommitment && !restless) return total >= many && own >= many - 1 ? same : null
  if (own > 0) return same
  if (restless && total === 0) return 'it is set again and again, and who does so is not known yet'
  return total > 0 && total < 2 * counts.length - 1 ? 'several accounts set it before' : null
}

const same = 'the same account set it before'

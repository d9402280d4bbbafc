import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import { hexShape, remembered } from '../../remembered.ts'

/** Who may take tokens of how many owners, as it is remembered of one token. Plain data. */
const spenderShape = z.object({
  address: hexShape,
  /** Owners that allowed it within the window, by the first bytes of their address, with the unix time. */
  owners: z.array(z.tuple([z.string(), z.number()])),
  /** Unix time at which it was seen first. */
  since: z.number(),
  /** Owners whose tokens it took without their doing and for nothing. */
  robbed: z.array(z.string()),
  told: z.array(z.enum(['many', 'taken'])).exactOptional(),
})
export type Spender = z.output<typeof spenderShape>
export const rememberedSpenders = remembered(z.array(spenderShape))

export const windowSeconds = 86_400
const spendersMax = 64
/** More than any limit that makes sense; who has so many is known. */
const ownersMax = 24
const shortLength = 12

/** Enough to tell owners apart, and little to remember. */
export const short = (owner: Address): string => owner.slice(2, 2 + shortLength)

export function withApproval(spenders: readonly Spender[], spender: Address, owner: Address, time: number): Spender[] {
  const known = spenders.find(({ address }) => address === spender)
  const before = known ?? { address: spender, owners: [], since: time, robbed: [] }
  const others = before.owners.filter(([each]) => each !== short(owner))
  const after = { ...before, owners: [...others, [short(owner), time] as [string, number]].slice(-ownersMax) }
  return [...spenders.filter((each) => each !== known), after]
}

/** Without what has left the window; where there are too many, those of the fewest owners go first. */
export function trim(spenders: readonly Spender[], time: number): Spender[] {
  const recent = spenders.map((each) => ({
    ...each,
    owners: each.owners.filter(([, at]) => at > time - windowSeconds),
  }))
  // Whoever was told of once is remembered, so that it is not told of again.
  const kept = recent.filter(({ owners, told }) => owners.length > 0 || told)
  const worth = ({ told, owners }: Spender) => owners.length + (told ? 2 : 0)
  if (kept.length <= spendersMax) return kept
  const best = new Set(kept.toSorted((a, b) => worth(b) - worth(a) || b.since - a.since).slice(0, spendersMax))
  return kept.filter((each) => best.has(each))
}

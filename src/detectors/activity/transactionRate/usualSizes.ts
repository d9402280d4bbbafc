import { z } from 'zod'
import { learnDispersion, moved } from './seasonalRate.ts'

/** How much each key usually does in a bucket in which it does anything, for the keys seen last. Plain data. */
export const sizesShape = z.object({
  /** Key, mean size, buckets learned, and the last of them. */
  rows: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])),
  /** Mean size over all keys, for those that are not known well. */
  typical: z.number(),
  /** Variance over mean, never below 1. */
  dispersion: z.number(),
  learned: z.number(),
})
export type UsualSizes = z.output<typeof sizesShape>

export const emptySizes = (): UsualSizes => ({ rows: [], typical: 1, dispersion: 1, learned: 0 })

const smallestStep = 1 / 48
/** A key is known well after so many buckets. */
const learnedMin = 5

export function usualSize({ rows, typical }: UsualSizes, key: string): number {
  const row = rows.find(([known]) => known === key)
  if (!row) return typical
  return row[2] < learnedMin ? Math.max(row[1], typical) : row[1]
}

/**
 * Learns what keys did in one bucket; changes `sizes`.
 * @param accepted Keys of which what was usual before is forgotten: they are taken as well known at what they do now.
 */
export function learnSizes(
  sizes: UsualSizes,
  {
    bucket,
    learnable,
    accepted,
    sizeMax,
  }: {
    bucket: number
    learnable: readonly { key: string; count: number }[]
    accepted: readonly string[]
    sizeMax: number
  },
): void {
  for (const { key, count } of learnable) {
    const row = sizes.rows.find(([known]) => known === key)
    if (accepted.includes(key)) {
      sizes.rows = [...sizes.rows.filter((each) => each !== row), [key, count, learnedMin, bucket]]
      continue
    }
    const expected = usualSize(sizes, key)
    if (sizes.learned > 0) sizes.dispersion = learnDispersion(sizes.dispersion, sizes.learned, count, expected)
    sizes.typical = moved(sizes.typical, count, sizes.learned++, 1 / 288)
    if (row) row.splice(1, 3, moved(row[1], count, row[2], smallestStep), row[2] + 1, bucket)
    else sizes.rows.push([key, count, 1, bucket])
  }
  if (sizes.rows.length > sizeMax) {
    sizes.rows.sort((a, b) => b[3] - a[3])
    sizes.rows.length = sizeMax
  }
}

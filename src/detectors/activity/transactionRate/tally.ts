import { z } from 'zod'
/** How often each of many keys occurred, in a table of fixed size: [key, count, by how much the count may be too high]. */
export const tallyShape = z.array(z.tuple([z.string(), z.number(), z.number()]))
export type Tally = z.output<typeof tallyShape>

/**
 * Counts one more; changes `tally`. Where the table is full, the new key takes the place and the count of the rarest:
 * what occurs often is always found in it, whoever floods it (Metwally et al., Space-Saving, 2005).
 */
export function countKey(tally: Tally, key: string, sizeMax: number): void {
  const row = tally.find(([known]) => known === key)
  if (row) row[1]++
  else if (tally.length < sizeMax) tally.push([key, 1, 0])
  else {
    const rarest = tally.reduce((least, each) => (each[1] < least[1] ? each : least))
    rarest.splice(0, 3, key, rarest[1] + 1, rarest[1])
  }
}

/** What is certain to have occurred. */
export const certainCount = ([, count, error]: Tally[number]): number => count - error

import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'

/** What one sender got beyond the entries in parts too small to tell of. Plain data. */
const sliver = z.object({ from: hexShape, since: z.number(), sum: decimalShape })
export type Sliver = z.output<typeof sliver>
export const rememberedSlivers = remembered(z.array(sliver))

/** How long they are added up, and of how many senders. */
const sliverSeconds = 7 * 86_400
const sliversMax = 16

/** Adds one part; `sum` is what the sender got within a week, this part included. */
export function addSliver(
  slivers: readonly Sliver[],
  { from, excess, time }: { from: Address; excess: bigint; time: number },
): { slivers: Sliver[]; sum: bigint } {
  const others = slivers.filter((each) => each.from !== from)
  const known = slivers.find((each) => each.from === from && time - each.since <= sliverSeconds)
  const sum = excess + BigInt(known?.sum ?? 0)
  // The last ones are kept: who fills the list with other senders pays for each of them.
  return { sum, slivers: [...others, { from, since: known?.since ?? time, sum: String(sum) }].slice(-sliversMax) }
}

/** What was told of is not counted again. */
export const withoutSliver = (slivers: readonly Sliver[], from: Address): Sliver[] =>
  slivers.filter((each) => each.from !== from)

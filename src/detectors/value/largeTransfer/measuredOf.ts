import type { Measured } from '../../../model/finding.ts'
import { percentIn } from '../../tokens/amounts.ts'
import type { LargeTransferOptions } from './options.ts'

/**
 * A transfer in the unit of the limit that it reached. Where several limits are given all must be reached, so that raising
 * one is enough: that which is the same for every token comes first.
 *
 * @param held What the account held, or what was supplied, before the block.
 */
export function measuredOf(
  { percent, amount, units }: LargeTransferOptions,
  moved: { amount: bigint; decimals: number; held: bigint | null },
): Measured | undefined {
  if (percent !== undefined) {
    const isKnown = moved.held !== null && moved.held > 0n
    return isKnown ? { limit: ['percent'], value: percentIn(moved.amount, moved.held!) } : undefined
  }
  if (amount !== undefined) return { limit: ['amount'], value: Number(moved.amount) / 10 ** moved.decimals }
  return units === undefined ? undefined : { limit: ['units'], value: Number(moved.amount) }
}

/** The limits that a transfer is measured by, as the options write them. */
export const limitsOf = ({ percent, amount, units }: LargeTransferOptions) => ({
  ...(percent !== undefined && { percent }),
  ...(amount !== undefined && { amount }),
  ...(units !== undefined && { units }),
})

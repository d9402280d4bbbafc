import { z } from 'zod'
import { amountOption, percentOption, unitsOption } from '../../tokens/amounts.ts'
import { tokenOption } from '../../tokens/tokenOption.ts'

export const largeTransferOptions = z
  .strictObject({
    token: tokenOption.optional(),
    direction: z
      .enum(['out', 'in', 'both'])
      .default('out')
      .describe('Which way, seen from the watched account. A watched token speaks of all its transfers.'),
    amount: amountOption
      .optional()
      .describe('At least so much, in units of the token: `1000000` USDC, `50` ETH, `3` NFTs.'),
    units: unitsOption.optional().describe('At least so much, in base units of the token (wei for the native coin).'),
    percent: percentOption
      .optional()
      .describe(
        'At least so many percent of what the account held before the block; of the supply for a watched token.',
      ),
  })
  .refine(({ amount, units, percent }) => amount ?? units ?? percent, 'give amount, units or percent')

export type LargeTransferOptions = z.output<typeof largeTransferOptions>

import { z } from 'zod'
import { percentOption } from '../amounts.ts'
import { severitiesOption } from '../asConfigured.ts'

export const ownLossOptions = z.strictObject({
  percent: percentOption
    .default(2)
    .describe('Losses of at least so many percent of what the contract held of the token before the block.'),
  criticalPercent: percentOption.default(10).describe('With a grave sign: a loss of so many percent is `critical`.'),
  severities: severitiesOption,
  traces: z
    .literal('touching')
    .optional()
    .describe(
      'Also sees native coins that move inside transactions that touch the contract, by traces. Default: tokens only.',
    ),
})

export type OwnLossOptions = z.output<typeof ownLossOptions>

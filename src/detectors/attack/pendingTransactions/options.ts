import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'
import { severitiesOption } from '../../value/asConfigured.ts'

export const pendingOptions = z.strictObject({
  percent: percentOption
    .default(1)
    .describe('What a transaction would have to take, in percent of what is held, so that it is spoken of.'),
  criticalPercent: percentOption
    .default(10)
    .describe('With a grave sign: a loss of so many percent would be `critical`.'),
  forgetAfterSeconds: z
    .int()
    .min(10)
    .max(86_400)
    .default(600)
    .describe(
      'Seconds after which a transaction that no provider knows any more counts as forgotten, which ends its alert.',
    ),
  severities: severitiesOption,
})

export type PendingOptions = z.output<typeof pendingOptions>

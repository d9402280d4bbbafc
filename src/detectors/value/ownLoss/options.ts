import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'
import { severitiesOption } from '../asConfigured.ts'
import { dollarsOption } from '../dollarsOption.ts'

export const ownLossOptions = z.strictObject({
  percent: percentOption
    .default(2)
    .describe('Losses of at least so many percent of what the contract held of the token before the block.'),
  usd: dollarsOption
    .default(100_000)
    .describe(
      'Also losses worth so many dollars before the block, however small a part they are; ten times as much, taken by a contract made just before, is `critical`. Only of tokens that have `prices` under `contracts`.',
    ),
  leastUsd: dollarsOption
    .optional()
    .describe(
      'Losses that are worth less before the block are `medium`. What has no price is judged by percent alone.',
    ),
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

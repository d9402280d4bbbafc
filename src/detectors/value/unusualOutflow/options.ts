import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'
import { tokenOption } from '../../tokens/tokenOption.ts'
import { dollarsOption } from '../dollarsOption.ts'

export const unusualOutflowOptions = z.strictObject({
  token: tokenOption.optional(),
  percent: percentOption
    .default(2)
    .describe(
      'What is unusual and so many percent of what was held when the hour began has the severity of the monitor; from half of it on it is medium; less is not told.',
    ),
  onceIn: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(1000)
    .describe('How rare an hour must be: one that is to be expected once in so many hours with outflow.'),
  cap: percentOption
    .default(5)
    .describe('Percent within an hour that are unusual in any case, unless one hour in fifty reaches them.'),
  bleed: percentOption
    .default(5)
    .describe('Percent, net of what came in, that have left while hour after hour was above the usual: medium.'),
  leastUsd: dollarsOption
    .optional()
    .describe(
      'What is unusual and is worth less before the block is `medium`, until more has left in that hour. What has no price is judged by percent alone.',
    ),
})

export type UnusualOutflowOptions = z.output<typeof unusualOutflowOptions>

import { z } from 'zod'
import { contractOption, sourcesMax } from '../../contractOption.ts'
import { percentOption } from '../../tokens/amounts.ts'
import { severitiesOption } from '../asConfigured.ts'

const own = z.strictObject({ claims: z.string(), backing: z.string() })

export const backingOptions = z
  .strictObject({
    mediumPercent: percentOption
      .default(0.1)
      .describe('What stands behind each claim fell by so many percent: `medium`.'),
    highPercent: percentOption.default(1).describe('By so many: `high`.'),
    criticalPercent: percentOption.default(2).describe('By so many: `critical`.'),
    risePercent: z
      .number()
      .min(1)
      .max(1_000_000)
      .default(50)
      .describe('A share that is worth so many percent more after one block is `high`; a fifth of that is `medium`.'),
    users: z
      .array(contractOption)
      .max(sourcesMax)
      .default([])
      .describe(
        'Contracts that take these shares as worth something, such as markets that lend against them, as `$name` or address.',
      ),
    usedPercent: percentOption
      .default(5)
      .describe(
        'Somebody who made a share worth so many percent more in one block, and gets something from one of `users` within 25 blocks, is `high`, and `critical` from `risePercent`.',
      ),
    mintPercent: percentOption
      .default(2)
      .describe(
        'Of a plain token, somebody who may not or never did made so many percent of the supply and paid nothing: `high`. Five times as much is `critical`.',
      ),
    everyBlocks: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10)
      .describe('Looks every so many blocks, also where nothing touched the contract.'),
    severities: severitiesOption,
    books: z
      .record(z.string().min(1).max(64), own)
      .default({})
      .describe(
        'For contracts of your own kind, by a name of yours, two expressions as in rules: `{ deposits: { claims: totalOwed(), backing: $usdc.balanceOf($bank) } }`.',
      ),
  })
  .refine(
    ({ mediumPercent, highPercent, criticalPercent }) => mediumPercent <= highPercent && highPercent <= criticalPercent,
    { message: 'the percents must grow with the severity' },
  )

export type BackingOptions = z.output<typeof backingOptions>

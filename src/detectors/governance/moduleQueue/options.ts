import { z } from 'zod'

const place = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
const score = z.int().min(1).max(1000)

export const moduleQueueOptions = z.strictObject({
  account: place
    .optional()
    .describe(
      'The Safe in whose name the modules act, and whose money they move. Default: the only Safe of the config on this chain.',
    ),
  mediumFrom: score.default(30).describe('Risk score of what is queued from which it is medium; below it is low.'),
  highFrom: score.default(60).describe('Risk score from which it is high.'),
  everyBlocks: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('How often a queue that nobody touched is asked whether what waits in it was skipped.'),
})

export type ModuleQueueOptions = z.output<typeof moduleQueueOptions>

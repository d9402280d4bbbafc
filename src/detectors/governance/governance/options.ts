import { z } from 'zod'
import { guardiansOption } from './guardians.ts'
import { place } from './place.ts'

const score = z.int().min(1).max(1000)

export const governanceOptions = z.strictObject({
  executor: place
    .optional()
    .describe(
      'Who carries out what a governor decides, and holds its treasury. Default: the only timelock among the contracts, else the governor.',
    ),
  votes: place
    .optional()
    .describe('The token that counts votes, to see whose power grows and whether it was borrowed.'),
  mediumFrom: score
    .default(30)
    .describe('Risk score of what is proposed or scheduled from which it is medium; below it is low.'),
  highFrom: score.default(60).describe('Risk score from which it is high.'),
  simulateEvery: z
    .int()
    .min(0)
    .max(7200)
    .default(25)
    .describe(
      'Every so many blocks what is open is carried out in a simulation, and in every block of the hour around the end of its vote or delay. 0: never.',
    ),
  guardians: guardiansOption,
  lossPercent: z
    .number()
    .min(1)
    .max(100)
    .default(10)
    .describe(
      'What must leave by calls that do not say so, in percent of what all contracts hold of a token, to be high.',
    ),
})

export type GovernanceOptions = z.output<typeof governanceOptions>

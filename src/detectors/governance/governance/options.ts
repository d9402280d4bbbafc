import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'

const place = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
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
})

export type GovernanceOptions = z.output<typeof governanceOptions>

/** @throws {KnownError} The name is no contract of the config on this chain. */
export function resolvePlace(
  text: string | undefined,
  { names, chain }: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Address | undefined {
  if (!text?.startsWith('$')) return text?.toLowerCase() as Address | undefined
  const contract = names.get(text.slice(1))
  if (contract) return contract.address
  throw new KnownError('invalid', `${text} is no contract of the config on chain "${chain.name}".`, {
    hints: ['Add it under contracts:, or write its address.'],
  })
}

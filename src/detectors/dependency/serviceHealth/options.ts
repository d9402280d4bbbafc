import { z } from 'zod'
import { allowListOption, allowListWords } from '../../allowList.ts'
import { contractOption } from '../../contractOption.ts'
import { internalOption } from '../../rules/internalOption.ts'

const selectorOption = z.string().regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex')

export const serviceHealthOptions = z
  .strictObject({
    services: z
      .array(contractOption)
      .max(20)
      .default([])
      .describe('Who does the work, as `$name` or address: keys, or contracts through which it is done.'),
    of: z
      .string()
      .optional()
      .describe(
        'A rule for the work, such as `event RootPosted` or `call harvest`. Default: every call of the contract by a service that succeeds, each function by itself.',
      ),
    within: z
      .int()
      .min(1)
      .max(366 * 86_400)
      .optional()
      .describe(
        'Seconds in which it must happen at least once. Default: learned from the last 32 times, five at least.',
      ),
    leastSeconds: z
      .int()
      .min(1)
      .max(31 * 86_400)
      .default(900)
      .describe('Where it is learned: no shorter pause is late, whatever the rhythm.'),
    allowed: allowListOption(50).describe(
      `Others that may do the work, such as the key that takes over next week. ${allowListWords}`,
    ),
    namedBy: selectorOption
      .optional()
      .describe('Calldata to which the contract answers who does the work now, such as `0xaced1661` for keeper().'),
    role: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'write the hash of a role')
      .optional()
      .describe('Whoever holds this role in the contract (AccessControl) may do the work.'),
    failures: z
      .int()
      .min(2)
      .max(1000)
      .default(5)
      .describe('Calls of the service that fail one after the other: so many are medium, twice as many grave.'),
    internal: internalOption,
  })
  .refine(({ services, of, namedBy }) => services.length > 0 || of !== undefined || namedBy !== undefined, {
    message: 'give services, namedBy or of: whose work, or which',
  })

export type ServiceHealthOptions = z.output<typeof serviceHealthOptions>

import { z } from 'zod'
import { contractOption } from '../../contractOption.ts'

/** The first letters may be anything: the name only stands in sentences. */
const what = z.string().regex(/^[\w .:()-]{1,60}$/, 'write a short name of letters and digits')

const link = z.strictObject({
  in: contractOption.describe('The contract that names what it relies on.'),
  what: what.optional().describe('What that is to it, such as `registry`; for sentences.'),
  call: z
    .string()
    .regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex')
    .optional()
    .describe('The calldata to which it answers an address, or a list of some.'),
  slot: z
    .string()
    .regex(/^0x[0-9a-fA-F]{1,64}$/, 'write a storage slot as hex')
    .optional()
    .describe('Or the storage slot in whose low twenty bytes it stands.'),
  code: z.literal(true).optional().describe('Or that its own code must stay the same.'),
  is: contractOption.optional().describe('What it was when the map was made. Default: what is seen first.'),
  far: z.literal(true).optional().describe('It is further away than what the contracts under `on` name themselves.'),
  kin: z
    .literal(true)
    .optional()
    .describe(
      'It stands in another contract of the same protocol, such as its book of addresses: as grave as if it were near.',
    ),
})

export const linkOption = link.refine(
  ({ call, slot, code }) => [call, slot, code].filter((each) => each !== undefined).length === 1,
  'give call, slot or code',
)
export type LinkOption = z.output<typeof linkOption>

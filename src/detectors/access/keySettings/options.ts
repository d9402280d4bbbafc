import { z } from 'zod'

const selector = z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write four bytes as hex, such as 0x2eb4a7ab')
const question = z
  .string()
  .regex(
    /^0x[0-9a-fA-F]{8}([0-9a-fA-F]{64})?$/,
    'write four bytes as hex, such as 0x2eb4a7ab, and one word if it takes one',
  )
const all = z.strictObject({
  values: z
    .array(question)
    .max(32)
    .default([])
    .describe(
      'Functions that answer an address or a hash, such as `0x2eb4a7ab` of `merkleRoot()`; one that takes a number, as of a list of payees, with that number as a word behind it. `tocsin init` finds them.',
    ),
  lists: z
    .array(selector)
    .max(4)
    .default([])
    .describe(
      'Selectors of functions that answer an address or a hash for the number of a chain, such as `0xbb0b6a53` of `peers(uint32)`.',
    ),
  slots: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'write a storage slot as 32 bytes of hex'))
    .max(16)
    .default([])
    .describe(
      'Slots of the storage in whose low twenty bytes an address stands that no function tells, such as that of an owner or of the code that is run. `tocsin init` finds them.',
    ),
  keyed: z
    .array(selector)
    .max(4)
    .default([])
    .describe(
      'Selectors of functions that answer an address or a hash for a key of 32 bytes, such as the hash of the name of a chain. What already stands there and is replaced pages.',
    ),
  restless: z
    .array(question)
    .max(32)
    .default([])
    .describe('Those of `values` that are set again and again: who does so is learned before a stranger pages.'),
  everyBlocks: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('How often `values` and `slots` are read though nothing happened.'),
})
export const keySettingsOptions = all.refine(
  ({ values, slots, lists, keyed }) => values.length + slots.length + lists.length + keyed.length > 0,
  'give values, slots, lists or keyed',
)
export type KeySettingsOptions = z.output<typeof keySettingsOptions>

import { z } from 'zod'
import { duration } from '../../../model/duration.ts'
import { contractOption } from '../../contractOption.ts'
import { tokenOption } from '../../tokens/tokenOption.ts'

const parameter = z.string().min(1).max(100)

const side = z.strictObject({
  contract: z
    .string()
    .regex(/^\$.+/, 'write $name')
    .transform((text) => text.slice(1)),
  event: z.string().min(1).max(500),
  id: z.union([parameter, z.array(parameter).min(1).max(4)], 'must be a parameter, or a list of parameters'),
  token: parameter.optional(),
  amount: parameter,
  recipient: parameter.optional(),
  only: z.record(parameter, z.union([z.string().max(200), z.number(), z.boolean()])).default({}),
})

const own = {
  contract: side.shape.contract,
  decimals: z.int().min(0).max(36).default(18),
}
/** How much lies on a side of a bridge that tells no ids. */
const total = z.union([
  z.strictObject({ ...own, holds: tokenOption }),
  z.strictObject({ ...own, supply: z.literal(true) }),
  z.strictObject({ ...own, call: z.string().regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex') }),
])

const decimals = z.int().min(0).max(36)

export const bridgeOptions = z.strictObject({
  locked: z
    .union([side, total])
    .describe(
      'Where something is locked or burned: the `contract` as `$name`, its `event` (by name, or by signature where several share it), and the parameters of that event: `id`, which names the message and is never used again (several where one alone does not), `amount`, and where it has them `token` and `recipient`. `only: { dstEid: 30184 }` leaves out what goes elsewhere. Or, where there is no id, how much lies there: `holds: $usdc` of the contract, or what it answers to a `call`.',
    ),
  released: z
    .union([side, total])
    .describe(
      'Where it is released or minted, on another chain or on the same: so too. Or, where there is no id, how much there is: `supply: true` of the contract as a token, or `holds`, or `call`. `decimals` where both sides count differently.',
    ),
  tokens: z
    .array(
      z.strictObject({
        locked: contractOption,
        released: contractOption,
        decimals: z.tuple([decimals, decimals]).optional(),
      }),
    )
    .max(500)
    .default([])
    .describe(
      'Which token is `released` for which token `locked`, as `$name` or address; `decimals: [6, 18]` where they count differently. A token that is not listed has the same address on both sides.',
    ),
  feePercent: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe('Largest share that the bridge may keep. Default: it may release less, never more.'),
  slackPercent: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Where totals are compared: by how much more may be released than is locked, in percent of that.'),
  grace: duration()
    .prefault('2m')
    .describe(
      'How far the chain of the locks must have been read past a release before a lock that is not there is missing. Of totals: how far the clocks of the two chains may be apart, at most a day.',
    ),
  late: duration().prefault('6h').describe('When a lock that was not released is told of.'),
  remember: duration()
    .prefault('90d')
    .describe('How long a lock may wait for its release at most; what is released later counts as not locked.'),
})

export type BridgeOptions = z.output<typeof bridgeOptions>
export type SideOptions = z.output<typeof side>
export type TotalOptions = z.output<typeof total>

import { z } from 'zod'
import { contractOption } from '../contractOption.ts'
import { tokenOption } from '../tokens/tokenOption.ts'

const decimals = z.int().min(0).max(36)
const pairOfDecimals = z.tuple([decimals, decimals])
const more = {
  inverse: z.boolean().default(false).describe('Take one over the price.'),
  times: tokenOption
    .optional()
    .describe(
      'The price is one in this token, as `$name`, address or `native`, whose own price it is multiplied by. Default: it is in dollars.',
    ),
}

/** Seconds of the mean of a pool: a shorter one can be pushed by who holds a price for some blocks. */
const windowMin = 600

/** Where the price of one token comes from. What one trade can move, such as what a pair holds, is no such source. */
export const tokenPrice = z.union([
  z.strictObject({
    in: contractOption.describe('A contract that answers one number, such as the price oracle of the protocol.'),
    call: z
      .string()
      .regex(/^0x[0-9a-fA-F]{8,1000}$/, 'write calldata as hex')
      .describe('The calldata of the question.'),
    decimals: decimals.default(18).describe('Decimals of the answer.'),
    ...more,
  }),
  z.strictObject({
    feed: contractOption.describe('A feed with the interface of Chainlink.'),
    decimals: decimals.default(8).describe('Decimals of its answer.'),
    heartbeat: z
      .int()
      .min(1)
      .max(31 * 86_400)
      .default(86_400)
      .describe('Seconds after which the feed promises a new round. An older price counts as none.'),
    ...more,
  }),
  z.strictObject({
    pool: contractOption.describe('A Uniswap v3 pool: how many of token1 for one of token0, as a mean over time.'),
    decimals: pairOfDecimals.describe('Decimals of token0 and token1.'),
    window: z.int().min(windowMin).max(86_400).default(1_800).describe('Seconds of the mean.'),
    ...more,
  }),
  z.strictObject({
    vault: contractOption.describe('An ERC-4626 vault: how many assets for one share.'),
    decimals: pairOfDecimals.describe('Decimals of shares and assets.'),
    ...more,
  }),
  z.strictObject({
    usd: z.number().min(1e-12).max(1e12).describe('A price that does not change, such as 1 for a dollar.'),
  }),
])
export type TokenPrice = z.output<typeof tokenPrice>

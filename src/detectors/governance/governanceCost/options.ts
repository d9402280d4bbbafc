import { z } from 'zod'
import { contractOption } from '../../contractOption.ts'
import { priceSource } from '../../prices/priceSource.ts'
import { place } from '../governance/place.ts'

const decimals = z.int().min(0).max(36)
const percent = z.number().min(1).max(100_000)
const inUnit = priceSource
  .optional()
  .describe('The price of its other token in the unit of all prices. Default: that token is the unit.')
const ofTwo = z.tuple([decimals, decimals]).describe('Decimals of token0 and token1.')

/** Where votes are bought. */
const market = z.union([
  z.strictObject({
    pair: contractOption.describe('A Uniswap v2 pair with the token: what is missing is bought out of it.'),
    decimals: ofTwo,
    unit: inUnit,
  }),
  z.strictObject({
    pool: contractOption.describe('A Uniswap v3 pool with the token, taken to be as deep everywhere as it is now.'),
    decimals: ofTwo,
    unit: inUnit,
  }),
  z.strictObject({
    price: priceSource.describe('The price of one vote, at which as many as are missing are taken to be for sale.'),
  }),
])
export type Market = z.output<typeof market>

const holding = z.strictObject({
  token: z
    .string()
    .regex(/^(native|\$.+|0x[0-9a-fA-F]{40})$/, 'write native, $name or an address')
    .describe('`native`, `$name` of a contract in the config, or an address.'),
  decimals: decimals.default(18).describe('Its decimals.'),
  price: z
    .union([z.literal(1), priceSource])
    .describe('Where its price comes from; 1 where it is itself the unit of all prices.'),
})

export const governanceCostOptions = z.strictObject({
  votes: place.describe('The token that counts votes.'),
  decimals: decimals.default(18).describe('Its decimals.'),
  market: market.describe('Where votes are bought, and what they cost there.'),
  treasury: z
    .array(holding)
    .min(1)
    .max(16)
    .describe('What the treasury holds that is worth taking, all priced in one unit, such as dollars.'),
  executor: place
    .optional()
    .describe('Who holds the treasury. Default: the only timelock among the contracts, else the governor.'),
  percent: percent
    .default(50)
    .describe('What the treasury holds in percent of what a vote costs, beyond which it is medium.'),
  grave: percent.default(100).describe('Beyond which it has the severity of the monitor: taking the vote pays.'),
  everyBlocks: z.int().min(1).max(50_400).default(50).describe('Every so many blocks it is looked at.'),
})

export type GovernanceCostOptions = z.output<typeof governanceCostOptions>

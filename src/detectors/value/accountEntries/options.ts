import { z } from 'zod'
import { percentOption } from '../../tokens/amounts.ts'

/** As many getters as a contract is asked by. */
export const entriesMax = 8
const itemEntriesMax = 2
const tokenEntriesMax = 2

const selector = z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'write four bytes as hex, such as 0x27e235e3')

const fields = {
  entries: z
    .array(selector)
    .max(entriesMax)
    .default([])
    .describe(
      'Selectors of functions that say what the contract has written down for an account, such as `0x27e235e3` of `balances(address)`. Whether one does is learned from what it says as people put in and take out.',
    ),
  items: z
    .array(selector)
    .max(itemEntriesMax)
    .default([])
    .describe(
      'Selectors of functions that say how many of an item of an ERC-1155 are written down for an account, such as `0x1a2b3c4d` of `kept(address,uint256)`.',
    ),
  ofTokens: z
    .array(selector)
    .max(tokenEntriesMax)
    .default([])
    .describe(
      'Selectors of functions that say what is written down of a token for an account, in whichever order, such as `0xc23f001f` of `balances(address,address)`.',
    ),
  percent: percentOption
    .default(1)
    .describe('What was paid or credited beyond the entries is graver from so many percent of the holdings.'),
  criticalPercent: percentOption.default(10).describe('From so many percent it is `critical`.'),
  unexplained: z
    .partialRecord(z.enum(['block', '5m', '1h', '24h']), percentOption)
    .default({ '1h': 10, '24h': 20 })
    .describe(
      'Once the entries are known: so many percent of the holdings within a time that neither an entry bears nor a debt explains.',
    ),
  windows: z
    .partialRecord(z.enum(['block', '5m', '1h', '24h']), percentOption)
    .default({ block: 25, '5m': 30, '1h': 35, '24h': 50 })
    .describe(
      'So many percent of the holdings within a time that no entry bears page, however they were paid; until the entries are known, all payments count.',
    ),
}

export const accountEntriesOptions = z
  .strictObject(fields)
  .refine(
    ({ entries, items, ofTokens }) => entries.length + items.length + ofTokens.length > 0,
    'name at least one function under entries, items or ofTokens',
  )

export type AccountEntriesOptions = z.output<typeof accountEntriesOptions>

/** Caps on all that no entry bears, and on what is not even explained once the entries are known. */
export type CapKind = 'windows' | 'unexplained'

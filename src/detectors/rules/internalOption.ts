import { z } from 'zod'

export const internalOption = z
  .enum(['touching', 'all'])
  .optional()
  .describe(
    'Also sees calls and transfers inside transactions, by traces: `touching` of those that touch the contract from outside or by a log, `all` of every transaction, which is dear. Default: none.',
  )

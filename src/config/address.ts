import { getAddress } from 'viem/utils'
import { z } from 'zod'
import type { Address } from '../model/chain.ts'

/** An address; becomes lower case. In mixed case its checksum must be right: it may have been copied wrongly. */
export const address = z
  .string('must be an address: 0x and 40 hex digits')
  .transform((text, context): Address => {
    const digits = /^0x([0-9a-fA-F]*)$/.exec(text)?.[1]
    if (digits?.length !== 40) {
      const count = digits === undefined ? '' : `, and these are ${digits.length}`
      context.addIssue(`must be an address: 0x and 40 hex digits${count}`)
      return z.NEVER
    }
    const lower = text.toLowerCase() as Address
    const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
    if (isMixed && getAddress(lower) !== text) {
      context.addIssue(
        `has a wrong checksum: compare it with where you have it from. With these digits it would be ${getAddress(lower)}`,
      )
    }
    return lower
  })
  .meta({ pattern: '^0x[0-9a-fA-F]{40}$' })

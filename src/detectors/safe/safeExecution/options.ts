import { z } from 'zod'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'
import { internalOption } from '../../rules/internalOption.ts'

const place = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')
const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'write the hash of the Safe transaction, 0x and 64 hex digits')

export const safeExecutionOptions = z.strictObject({
  delegatecalls: z
    .array(place)
    .max(64)
    .default([])
    .describe(
      'Contracts whose code the Safe may run as its own (operation 1), besides the MultiSend, SignMessageLib and CreateCall that Safe publishes.',
    ),
  announced: z
    .array(hash)
    .max(1000)
    .optional()
    .describe('Hashes of the Safe transactions that were agreed on: any other that is executed speaks at high.'),
  refundReceivers: z
    .array(place)
    .max(64)
    .default([])
    .describe(
      'Who may be paid for gas by the Safe, besides whoever sends the transaction and contracts of the config.',
    ),
  internal: internalOption,
  everyBlocks: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('How often the settings are read from the storage of a Safe that nobody touched.'),
})

export type SafeExecutionOptions = z.output<typeof safeExecutionOptions>

export type Allowed = {
  delegatecalls: ReadonlySet<Address>
  refundReceivers: ReadonlySet<Address>
  /** Undefined: nobody announces anything. */
  announced: ReadonlySet<Hex> | undefined
}

/** @throws {KnownError} A name is no contract of the config on this chain. */
export function allowedOf({ options, names, chain }: Assignment<SafeExecutionOptions>): Allowed {
  const resolve = (text: string): Address => {
    if (!text.startsWith('$')) return text.toLowerCase() as Address
    const contract = names.get(text.slice(1))
    if (contract) return contract.address
    throw new KnownError('invalid', `${text} is no contract of the config on chain "${chain.name}".`, {
      hints: ['Add it under contracts:, or write its address.'],
    })
  }
  return {
    delegatecalls: new Set(options.delegatecalls.map(resolve)),
    refundReceivers: new Set([
      ...options.refundReceivers.map(resolve),
      ...[...names.values()].map((each) => each.address),
    ]),
    announced: options.announced && new Set(options.announced.map((each) => each.toLowerCase() as Hex)),
  }
}

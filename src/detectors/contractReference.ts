import { z } from 'zod'
import type { Contract } from '../model/contract.ts'
import type { Assignment } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'

/** `$name` of a contract in the config, or an address, as options write it. */
export const contractReference = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')

/**
 * The contract of `$name`; undefined: it is written as an address.
 * @throws {KnownError} The config has no contract of this name on this chain.
 */
export function contractNamed(
  text: string,
  { names, chain }: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Contract | undefined {
  if (!text.startsWith('$')) return undefined
  const contract = names.get(text.slice(1))
  if (contract) return contract
  throw new KnownError('invalid', `${text} is no contract of the config on chain "${chain.name}".`, {
    hints: ['Add it under contracts:, or write its address.'],
  })
}

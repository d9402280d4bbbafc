import { z } from 'zod'
import type { Address } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import { KnownError } from '../../../model/error.ts'

/** A contract or account in an option. */
export const place = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')

/** @throws {KnownError} The name is no contract of the config on this chain. */
export function resolvePlace(
  text: string | undefined,
  { names, chain }: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Address | undefined {
  if (!text?.startsWith('$')) return text?.toLowerCase() as Address | undefined
  const contract = names.get(text.slice(1))
  if (contract) return contract.address
  throw new KnownError('invalid', `${text} is no contract of the config on chain "${chain.name}".`, {
    hints: ['Add it under contracts:, or write its address.'],
  })
}

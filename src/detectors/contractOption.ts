import { z } from 'zod'
import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import type { Assignment } from '../model/detector.ts'
import { KnownError } from '../model/error.ts'
import { shortAddress } from './showAddress.ts'

/** `$name` of a contract in the config, or an address, as options write it. */
export const contractOption = z.string().regex(/^(\$.+|0x[0-9a-fA-F]{40})$/, 'write $name or an address')

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

/** What is read: under the name that the config gives it, or its address in short. */
export type Source = { name: string; address: Address }

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function resolveContract(text: string, assignment: Pick<Assignment<unknown>, 'names' | 'chain'>): Source {
  const named = contractNamed(text, assignment)
  if (named) return named
  const address = text.toLowerCase() as Address
  const known = [...assignment.names.values()].find((contract) => contract.address === address)
  return known ?? { name: shortAddress(address), address }
}

/** At most so many sources for one monitor: each is read in every block. */
export const sourcesMax = 50

export const feedsOption = z
  .array(contractOption)
  .min(1)
  .max(sourcesMax)
  .optional()
  .describe('The feeds that the contracts under `on` rely on, as `$name` or address. Default: those are the feeds.')

/** The feeds of a monitor: those that its option names, or its targets. */
export function feedsOf(
  feeds: readonly string[] | undefined,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain' | 'targets'>,
): Source[] {
  const sources = feeds ? feeds.map((text) => resolveContract(text, assignment)) : assignment.targets
  return [...new Map(sources.map((source) => [source.address, source])).values()]
}

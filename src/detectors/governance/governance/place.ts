import type { Address } from '../../../model/chain.ts'
import type { Assignment } from '../../../model/detector.ts'
import { contractNamed, contractOption } from '../../contractOption.ts'

/** A contract or account in an option. */
export const place = contractOption

/** @throws {KnownError} The name is no contract of the config on this chain. */
export function resolvePlace(
  text: string | undefined,
  assignment: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Address | undefined {
  if (text === undefined) return undefined
  return contractNamed(text, assignment)?.address ?? (text.toLowerCase() as Address)
}

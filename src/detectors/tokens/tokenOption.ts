import { z } from 'zod'
import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { Assignment } from '../../model/detector.ts'
import { KnownError } from '../../model/error.ts'

export const tokenOption = z
  .string()
  .regex(/^(native|\$.+|0x[0-9a-fA-F]{40})$/, 'write native, $name or an address')
  .describe(
    'Only this token: `native`, `$name` of a contract in the config, or an address. Left out: all, native included.',
  )

/** @throws {KnownError} The config has no contract of this name on this chain. */
export function resolveToken(
  token: string | undefined,
  { names, chain }: Pick<Assignment<unknown>, 'names' | 'chain'>,
): Address | 'native' | undefined {
  if (token === undefined || token === 'native') return token
  if (!token.startsWith('$')) return token.toLowerCase() as Address
  const contract = names.get(token.slice(1))
  if (contract) return contract.address
  throw new KnownError('invalid', `The token ${token} is no contract of the config on chain "${chain.name}".`, {
    hints: ['Add it under contracts:, or write its address.'],
  })
}

/** Whether a contract of the config is meant as a token (all its transfers) rather than as an account that holds some. */
export function isToken({ kind }: Contract): boolean {
  return /^(token|erc-?(20|721|777|1155)\b)/i.test(kind ?? '')
}

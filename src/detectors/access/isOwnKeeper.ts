import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'

const keepers = new Set(['timelock', 'safe'])

/**
 * Whether an account is a timelock or a Safe that the config protects: nobody gains by giving it more power or money, as it
 * acts only after a delay, or by the hands of several, and what it does is watched.
 */
export const isOwnKeeper = (account: Address, names: ReadonlyMap<string, Contract>): boolean =>
  [...names.values()].some(
    ({ address, role, kind }) => address === account && role === 'protected' && keepers.has(kind ?? ''),
  )

import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'

export const addressesOf = (contracts: Iterable<Contract>): Set<Address> =>
  new Set([...contracts].map(({ address }) => address))

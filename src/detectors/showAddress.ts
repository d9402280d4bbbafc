import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'

type Names = ReadonlyMap<string, Contract>

/** One for all monitors that share their names: a thousand monitors may name a thousand contracts. */
const namesByAddress = new WeakMap<Names, Map<Address, string>>()

export const shortAddress = (address: Address): string => `${address.slice(0, 6)}…${address.slice(-4)}`

/** An address for a title: its name in the config, or its two ends. The whole address belongs into the facts. */
export function addressShower(names: Names): (address: Address) => string {
  const byAddress =
    namesByAddress.get(names) ?? new Map([...names.values()].map(({ address, name }) => [address, name]))
  namesByAddress.set(names, byAddress)
  return (address) => byAddress.get(address) ?? shortAddress(address)
}

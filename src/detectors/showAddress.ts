import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'

/** An address for a title: its name in the config, or its two ends. The whole address belongs into the facts. */
export function addressShower(names: ReadonlyMap<string, Contract>): (address: Address) => string {
  const byAddress = new Map([...names.values()].map(({ address, name }) => [address, name]))
  return (address) => byAddress.get(address) ?? `${address.slice(0, 6)}…${address.slice(-4)}`
}

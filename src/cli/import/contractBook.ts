import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { mergeAbis, type NamedItem } from './readAbi.ts'

/** A contract of the config that is made. */
export type ImportedContract = {
  name: string
  chain: string
  address: Address
  /** Of all monitors that are about it; null where none gave one. */
  abi: NamedItem[] | null
  /** Monitors, as they were called. */
  namedBy: Set<string>
}

export type ContractBook = {
  /** The contract at an address, with that ABI added to what is known of it. */
  enter(chain: string, address: Address, abi: NamedItem[] | null, monitor: string): ImportedContract
  contracts(): readonly ImportedContract[]
  count(): number
}

/**
 * One contract for each address of a chain, whatever partial ABIs monitors gave. Only where two ABIs contradict each other
 * there are two, so that each monitor keeps the names that its conditions use.
 */
export function createContractBook(): ContractBook {
  const byPlace = new Map<string, ImportedContract[]>()
  const taken = new Set<string>()

  return {
    enter(chain, address, abi, monitor) {
      const place = `${chain} ${address}`
      const known = byPlace.get(place) ?? []
      byPlace.set(place, known)
      for (const contract of known) {
        const merged = mergeAbis(contract.abi ?? [], abi ?? [])
        if (merged === null) continue
        if (abi !== null) contract.abi = merged
        contract.namedBy.add(monitor)
        return contract
      }
      const contract = { name: nameOf(chain, address, taken), chain, address, abi, namedBy: new Set([monitor]) }
      known.push(contract)
      return contract
    },
    contracts: () => [...byPlace.values()].flat(),
    count: () => taken.size,
  }
}

/** Fit to stand in rules as `$name`; the digits are the first of the address. */
function nameOf(chain: string, address: Address, taken: Set<string>): string {
  const short = `contract_${address.slice(2, 8)}`
  const withChain = `${short}_${chain.replace(/[^a-z0-9]+/gi, '_')}`.slice(0, 56)
  let name = taken.has(short) ? withChain : short
  for (let number = 2; taken.has(name); number++) name = `${withChain}_${number}`
  taken.add(name)
  return name
}

/** As the rules see it. */
export function asContract({ name, chain, address, abi }: ImportedContract): Contract {
  return { name, chain, address, role: 'protected', ...(abi === null ? {} : { abi }) }
}

import { getAddress } from 'viem/utils'
import type { Address } from '../../model/chain.ts'
import type { Place } from './conditionRules.ts'
import type { ContractBook } from './contractBook.ts'
import { defenderNetworks } from './defenderNetworks.ts'
import type { ImportedChain, NetworkBook } from './networksOf.ts'
import { type NamedItem, readAbi } from './readAbi.ts'
import type { Remarks } from './remarks.ts'
import type { SecretBook } from './secretBook.ts'
import type { SourceMonitor } from './sourceMonitor.ts'

/** Contracts of all monitors together, each chain counted by itself; a monitor of ours takes no more. */
const placesMax = 1000

export type Books = {
  networks: NetworkBook
  contracts: ContractBook
  chains: Map<number, ImportedChain>
  secrets: SecretBook
  remarks: Remarks
}

/** Where a monitor looks: each of its addresses on each of its chains. */
export function placesOf(monitor: SourceMonitor, books: Books): Place[] {
  const { name, dialect, addresses } = monitor
  const chains = new Set(monitor.networks.flatMap((slug) => chainOf(slug, monitor, books) ?? []))
  if (addresses.length === 0) {
    books.remarks.add('lost', name, 'It names no address. Add the contracts that it is about.')
    if (dialect === 'oz') books.remarks.add('dead', name, 'Its list of addresses is empty, and then nothing matches.')
  }
  const seen = new Set<Address>()
  const known = addresses.flatMap(({ address: given, abi }) => {
    const address = addressOf(given, name, books.remarks)
    if (address === null || seen.has(address)) return []
    seen.add(address)
    return { address, own: abiOf(abi, address, name, books.remarks) }
  })
  return [...chains].flatMap((chain) =>
    known.flatMap(({ address, own }): Place[] => {
      if (books.contracts.count() >= placesMax) {
        books.remarks.add(
          'lost',
          name,
          `Some of its addresses: more than ${placesMax} contracts are too many for one config.`,
        )
        return []
      }
      return [{ contract: books.contracts.enter(chain.name, address, own, name), own, dialect }]
    }),
  )
}

function chainOf(slug: string, { name, dialect }: SourceMonitor, books: Books): ImportedChain | null {
  const { networks, chains, secrets, remarks } = books
  const known = networks.get(slug)
  if (known) {
    chains.set(known.id, known)
    return known
  }
  const id = known === undefined && dialect === 'defender' ? defenderNetworks.get(slug) : undefined
  if (id === undefined) {
    const why = known === null ? 'is no EVM chain, or cannot be read' : 'is none of the networks'
    remarks.add('lost', name, `It watches ${slug}, which ${why}.`)
    return null
  }
  const same = chains.get(id)
  if (same) return same
  const rpc = [secrets.reference(undefined, `rpc_${slug}`, `RPC URL of ${slug}`)]
  const chain = { name: slug, id, rpc, from: 'the network that a Defender monitor names' }
  chains.set(id, chain)
  return chain
}

function addressOf(given: string, monitor: string, remarks: Remarks): Address | null {
  const digits = /^\s*(?:0x)?([0-9a-fA-F]{40})\s*$/.exec(given)?.[1]
  if (digits === undefined) {
    remarks.add('lost', monitor, `"${given.slice(0, 60)}" is no address of an EVM chain.`)
    return null
  }
  const address: Address = `0x${digits.toLowerCase()}`
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (isMixed && getAddress(address).slice(2) !== digits) {
    remarks.add(
      'changed',
      monitor,
      `The checksum of 0x${digits} is wrong: compare the address with where you have it from.`,
    )
  }
  return address
}

function abiOf(given: unknown, address: Address, monitor: string, remarks: Remarks): NamedItem[] | null {
  if (given === undefined || given === null || given === '') return null
  const abi = readAbi(given)
  if (abi === null) remarks.add('lost', monitor, `The ABI of ${address} is none.`)
  else if (abi.dropped > 0)
    remarks.add('lost', monitor, `Of the ABI of ${address}, ${abi.dropped} items cannot be read.`)
  return abi && abi.items.length > 0 ? abi.items : null
}

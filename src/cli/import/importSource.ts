import type { Address } from '../../model/chain.ts'
import type { Place } from './conditionRules.ts'
import { createContractBook, type ImportedContract } from './contractBook.ts'
import { type ImportedChain, networksOf } from './networksOf.ts'
import { placesOf } from './placesOf.ts'
import { type ImportedMonitor, planMonitor } from './planMonitor.ts'
import { shapeOf } from './readAbi.ts'
import type { Source } from './readSource.ts'
import type { Remarks } from './remarks.ts'
import { createSecretBook } from './secretBook.ts'
import type { SourceMonitor } from './sourceMonitor.ts'
import { type ImportedChannel, triggersOf } from './triggersOf.ts'

/** A config of ours, before it is written. */
export type Imported = {
  chains: readonly ImportedChain[]
  contracts: readonly ImportedContract[]
  monitors: readonly ImportedMonitor[]
  channels: readonly ImportedChannel[]
  /** Variables of the environment that the config refers to. */
  variables: readonly string[]
}

/** More make a config that nobody can read, ourselves included. */
const conditionsMax = 10_000

/** Turns what was read into a config; all that is not as before goes to `remarks`. */
export function importSource({ monitors, networks, triggers }: Source, remarks: Remarks): Imported {
  const secrets = createSecretBook()
  const slugs = new Set(monitors.flatMap((monitor) => monitor.networks))
  const ids = new Set(monitors.flatMap((monitor) => monitor.triggers))
  const books = {
    networks: networksOf(networks, slugs, secrets, remarks),
    contracts: createContractBook(),
    chains: new Map<number, ImportedChain>(),
    secrets,
    remarks,
  }
  const channels = triggersOf(triggers, ids, secrets, remarks)
  // All places first: a contract is known by what all monitors say of it.
  const placed = monitors.map((monitor) => ({ monitor, places: placesOf(monitor, books) }))
  remarkMixedUp(placed, remarks)
  const planning = { channels, taken: new Set(['tocsin']), allowance: { conditions: conditionsMax }, remarks }
  const planned = placed.flatMap(({ monitor, places }) => planMonitor(monitor, places, planning))
  const used = new Set(planned.flatMap(({ on }) => on))
  const contracts = books.contracts.contracts().filter(({ name }) => used.has(name))
  const watched = new Set(contracts.map(({ chain }) => chain))
  const chains = [...books.chains.values()].filter(({ name }) => watched.has(name))
  const people = [...channels.values()].filter((channel) => channel !== null)
  const variables = secrets.remarkUsed([chains, people], remarks)
  return { chains, contracts, monitors: planned, channels: people, variables }
}

type Placed = { monitor: SourceMonitor; places: readonly Place[] }

/** OpenZeppelin Monitor decodes calls with the first ABI that it finds for an address, of any monitor on any chain. */
function remarkMixedUp(placed: readonly Placed[], remarks: Remarks): void {
  const abis = new Map<Address, Set<string>>()
  for (const { places } of placed) {
    for (const { contract, own } of places) {
      if (own === null) continue
      const known = abis.get(contract.address) ?? new Set()
      abis.set(contract.address, known.add(own.map(shapeOf).sort().join()))
    }
  }
  for (const { monitor, places } of placed) {
    if (monitor.dialect !== 'oz' || !monitor.conditions.some(({ functions }) => functions.length > 0)) continue
    for (const address of new Set(places.map(({ contract }) => contract.address))) {
      const count = abis.get(address)?.size ?? 0
      if (count < 2) continue
      const words = `For ${address} there are ${count} ABIs, and chance chose the one by which calls are decoded.`
      remarks.add('dead', monitor.name, words)
    }
  }
}

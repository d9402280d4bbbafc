import { addressFinder } from '../evm/addressFinder.ts'
import type { Address, Block, Transaction } from '../model/chain.ts'
import type { Monitor } from '../model/monitor.ts'

/** Finds the monitors that a new contract concerns: those one of whose addresses stands in its code. */
export type CreationIndex = {
  /** Nobody asks for new contracts. */
  isEmpty: boolean
  /** True: a receipt tells the address of a contract that somebody asked for. */
  wantsReceipts(block: Block): boolean
  monitorsOf(transaction: Transaction): ReadonlySet<Monitor>
}

const none: ReadonlySet<Monitor> = new Set()

export function createCreationIndex(monitors: readonly Monitor[]): CreationIndex {
  const byAddress = new Map<Address, Set<Monitor>>()
  for (const monitor of monitors)
    for (const interest of monitor.watch.interests) {
      if (interest.kind !== 'creation') continue
      for (const address of interest.naming) byAddress.set(address, (byAddress.get(address) ?? new Set()).add(monitor))
    }
  const find = addressFinder(byAddress.keys())
  const monitorsOf = ({ to, input }: Transaction): ReadonlySet<Monitor> =>
    to !== null || byAddress.size === 0
      ? none
      : new Set(find(input).flatMap((address) => [...(byAddress.get(address) ?? [])]))
  return {
    isEmpty: byAddress.size === 0,
    wantsReceipts: ({ transactions }) => transactions.some((transaction) => monitorsOf(transaction).size > 0),
    monitorsOf,
  }
}

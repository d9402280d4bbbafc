import { type AddressFinder, addressFinder } from '../../evm/addressFinder.ts'
import { type Creation, createdBy } from '../../evm/simulateTransaction.ts'
import { createBoundedMap } from '../../lib/createBoundedMap.ts'
import type { Address, Hex, Transaction } from '../../model/chain.ts'
import type { Monitor } from '../../model/monitor.ts'
import type { ReadResult } from '../../model/read.ts'

/** Which monitors a pending transaction concerns. */
export type PendingTouch = {
  /** Null: the contract that it calls must be looked at first, and be told of by `learn`. */
  monitorsOf(transaction: Transaction): Monitor[] | null
  /** @param code Of the contract, now. @param earlier The same as of some twenty minutes ago. */
  learn(contract: Address, code: ReadResult | undefined, earlier: ReadResult | undefined): void
  /** Notes the contract that would be there if a transaction were mined that is pending as well. */
  creates(transaction: Transaction): void
  /** The contract was not there some twenty minutes ago; null: nobody can tell. */
  isYoung(contract: Address): boolean | null
  /** Of a contract that is not there yet: what would make it. `code` is to be filled in by whoever tries that first. */
  creationOf(contract: Address): PendingCreation | undefined
}

export type PendingCreation = { transaction: Transaction; code?: Creation['code'] }

/** What is known of the code of a contract. `until`: then it is to be looked at again. */
type Known = { names: readonly Address[]; isYoung: boolean | null; until: number }

/** Of calldata and of code, what is looked through: any code fits that EIP-170 and EIP-3860 allow. */
const digitsMax = 2 + 2 * 49_152
const knownMax = 8_192
const creationsMax = 64
/** A proxy may get other code, and what is no contract become one with the next block. */
const [knownForMs, emptyForMs] = [300_000, 15_000]
const nothing = { names: [] }

export function createPendingTouch(monitors: readonly Monitor[], now: () => number): PendingTouch {
  const byAddress = new Map<Address, Monitor[]>()
  for (const monitor of monitors)
    for (const address of monitor.watch.pending?.touching ?? [])
      byAddress.set(address, [...(byAddress.get(address) ?? []), monitor])
  const finder = addressFinder(byAddress.keys())
  const find: AddressFinder = (text) => finder(text.slice(0, digitsMax) as Hex)
  const contracts = createBoundedMap<Address, Known>(knownMax)
  const creations = createBoundedMap<Address, PendingCreation>(creationsMax)

  const known = (contract: Address): Known | undefined => {
    const each = contracts.get(contract)
    return each && each.until > now() ? each : undefined
  }

  return {
    monitorsOf({ to, input }) {
      const here = to === null ? [] : (byAddress.get(to) ?? [])
      const code = to === null || here.length > 0 ? nothing : known(to)
      if (!code) return null
      const made = to !== null && code.names.length === 0 ? creations.get(to) : undefined
      const names = [...find(input), ...code.names, ...(made ? find(made.transaction.input) : [])]
      return [...new Set([...here, ...names.flatMap((address) => byAddress.get(address) ?? [])])]
    },
    learn(contract, code, earlier) {
      const names = code?.ok ? find(code.data) : []
      const isYoung = code?.ok && earlier?.ok ? code.data !== '0x' && earlier.data === '0x' : null
      const isEmpty = !code?.ok || code.data === '0x'
      contracts.set(contract, { names, isYoung, until: now() + (isEmpty ? emptyForMs : knownForMs) })
    },
    creates(transaction) {
      creations.set(createdBy(transaction), { transaction })
    },
    isYoung: (contract) => (creations.has(contract) ? true : (known(contract)?.isYoung ?? null)),
    creationOf: (contract) => (contracts.get(contract)?.names.length ? undefined : creations.get(contract)),
  }
}

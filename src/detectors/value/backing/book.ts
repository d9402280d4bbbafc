import { toFunctionSelector } from 'viem/utils'
import type { Address, Hex } from '../../../model/chain.ts'
import type { Read } from '../../../model/read.ts'

export type At = Read['at']

/** What a contract owes to others and what there is to pay it with, both after one block. */
export type Book = {
  /** Names it within its contract. */
  name: string
  /** What is owed: shares, deposits, wrapped coins. */
  claims: bigint
  /** What stands behind it. */
  backing: bigint
  /** Backing beyond the claims is nobody's yet, so that losing it is no loss: only what is missing counts. */
  cover: boolean
  /**
   * Tokens that the contract holds, with their supply: a token that rebases takes from all who hold it alike. `told`: as much
   * as the contract reckons with, where it keeps count itself.
   */
  held: readonly { amount: bigint; supply: bigint; told?: bigint }[]
}

/** Addresses that an adapter has found out and remembers, such as one row for each reserve of a lending pool. */
export type Rows = readonly (readonly Address[])[]

/** The answer to a question; null: there is none. */
export type Ask = (read: Read) => Hex | null

/** Reads one kind of contract. It is told by what the contract answers, never by its name. */
export type Adapter = {
  id: string
  /** Only for what no adapter before it knows: where the books can be read, it has nothing to add. */
  last?: true
  /** What has to be asked, as far as it is known of whom. No rows: nothing is known yet. */
  reads(target: Address, rows: Rows, at: At): Read[]
  /** What the answers teach; null: the contract is of another kind. */
  learn(target: Address, rows: Rows, at: At, ask: Ask): Rows | null
  books(target: Address, rows: Rows, at: At, ask: Ask): Book[]
}

/** A question without arguments, or with words as arguments. */
export function view(signature: string): (to: Address, at: At, ...words: Hex[]) => Read {
  const selector = toFunctionSelector(signature)
  return (to, at, ...words) => {
    const data: Hex = `0x${[selector, ...words].map((word) => word.slice(2)).join('')}`
    return { kind: 'call', at, to, data }
  }
}

/** A word of an answer; null where it is too short. */
export function numberAt(data: Hex | null, index = 0): bigint | null {
  const word = data?.slice(2 + 64 * index, 66 + 64 * index)
  return word?.length === 64 ? BigInt(`0x${word}`) : null
}

/** A word of an answer that is an address and not zero. */
export function addressAt(data: Hex | null, index = 0): Address | null {
  const number = numberAt(data, index)
  if (number === null || number === 0n || number >= 1n << 160n) return null
  return `0x${number.toString(16).padStart(40, '0')}`
}

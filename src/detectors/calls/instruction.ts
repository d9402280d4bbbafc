import type { Address, Hex } from '../../model/chain.ts'

/** A call that somebody orders a contract to make, as calldata tells it, whether it has been made yet or not. */
export type Instruction = {
  /** In whose name it is made; null: that cannot be told. */
  by: Address | null
  to: Address
  /** In wei. */
  value: bigint
  data: Hex
  way: 'call' | 'delegatecall'
  /** The names of the functions that wrap it, from the outside. */
  inside: readonly string[]
}

/** What a call is by the first four bytes of its data; `0x` for less. */
export const selectorOf = ({ data }: Pick<Instruction, 'data'>): Hex =>
  data.length >= 10 ? (data.slice(0, 10).toLowerCase() as Hex) : '0x'

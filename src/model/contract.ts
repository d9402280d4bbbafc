import type { Abi } from 'viem'
import type { Address } from './chain.ts'
import type { Pricing } from './pricing.ts'

/** A contract or account that the config names. */
export type Contract = {
  /** As in the config; written `$name` in rules. */
  name: string
  /** Name of its chain in the config. */
  chain: string
  address: Address
  /** Absent: nothing is known of its interface beyond the standards. */
  abi?: Abi
  /** For a proxy: the ABIs of what has stood behind it and of what will, by address. `abi` then stands for all others. */
  implementations?: ReadonlyMap<Address, Abi>
  /** Such as `safe`, `erc20`, `governor`. */
  kind?: string
  /** `protected`: ours. `dependency`: what ours rely on. */
  role: 'protected' | 'dependency'
  /** A token: how one of it is priced in dollars, best first. Absent: it has no price. */
  prices?: readonly Pricing[]
}

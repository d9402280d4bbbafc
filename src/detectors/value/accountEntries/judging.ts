import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Memory } from '../../../model/detector.ts'
import type { Claim, Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import type { AccountEntriesOptions } from './options.ts'

export type Asset = Address | 'native'

/** One contract in one block, and what is known of both. */
export type Judging = {
  observation: Observation
  memory: Memory
  options: AccountEntriesOptions
  target: Contract
  /** What the config names: others may call themselves what they like. */
  trusted: ReadonlySet<Asset>
  /** What could not be judged, and why. */
  blind: Set<string>
  show(address: Address): string
}

export type Judged = { claims: Claim[]; memory: Record<string, Json> }

import { movementsOf } from '../../../evm/ledger/movementsOf.ts'
import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import type { Observation, Outcome } from '../../../model/observation.ts'
import { believedIn, lossesOf, netOf } from '../losses.ts'
import { claimTaking } from './claimFresh.ts'
import { addNet, involves, type Suspect } from './suspects.ts'

export type Following = {
  observation: Observation
  outcomes: readonly Outcome[]
  ours: ReadonlySet<Address>
  named: ReadonlySet<Address>
  words: { chainId: number; show(address: Address): string; percent: number }
}

/** Adds up what a new contract takes out of ours and brings them in a block. */
export function followSuspect(
  suspect: Suspect,
  { observation, outcomes, ours, named, words }: Following,
): { suspect: Suspect; claims: Claim[]; blind: string[] } {
  const claims: Claim[] = []
  const blind: string[] = []
  let next = suspect
  for (const outcome of outcomes) {
    const movements = movementsOf(outcome)
    if (!involves(outcome, movements, suspect.contract)) continue
    next = { ...next, net: addNet(next.net, netOf(movements, ours)) }
    const balance = lossesOf(observation, movements, ours, believedIn(outcome, ours, named))
    blind.push(...balance.blind)
    const claim = claimTaking({ suspect: next, outcome, balance, time: observation.block.timestamp, ...words })
    if (claim) claims.push(claim)
  }
  return { suspect: next, claims, blind }
}

import type { Address } from '../../../model/chain.ts'
import type { Contract } from '../../../model/contract.ts'
import type { Claim } from '../../../model/finding.ts'
import { isOwnKeeper } from '../isOwnKeeper.ts'
import type { Kind } from '../privilegedEvent.ts'
import { mildened } from './mildened.ts'
import type { Told } from './tellings.ts'

const handed: ReadonlySet<Kind> = new Set(['owner', 'role', 'admin'])

/** Power that is handed to a timelock or a Safe of ours, as a team does with what it has deployed. Code is none. */
export function givenHome(
  claim: Claim,
  { event, telling: { empowers, facts } }: Told,
  names: ReadonlyMap<string, Contract>,
): Claim {
  const to = empowers ?? facts.new
  // A contract may tell of one and mean another.
  if (claim.evidence !== 'hard' || !handed.has(event.kind)) return claim
  if (typeof to !== 'string' || !isOwnKeeper(to as Address, names)) return claim
  return mildened(claim, 'medium', { milder: 'it was given to a timelock or Safe of the config' })
}

import type { Address } from '../../../model/chain.ts'
import type { Claim } from '../../../model/finding.ts'
import { mildened } from './mildened.ts'
import type { Baseline } from './stateChanges.ts'
import type { Told } from './tellings.ts'

/**
 * Whoever takes an offer of ownership does so by a call of their own, of which no timelock knows. That they would was
 * announced if the offer had been: the contract let nobody else take it.
 */
export function takenAsPlanned(claim: Claim, { event, telling }: Told, baseline: Baseline | undefined): Claim {
  const offered = baseline?.offered
  const isTaken =
    offered !== undefined &&
    event.standard === 'Ownable' &&
    telling.facts.new === offered &&
    baseline?.values.pendingOwner === offered
  return isTaken ? mildened(claim, 'medium', { planned: 'the offer had been scheduled in a timelock' }) : claim
}

/** Whom the last offer was made to, if that was planned. `judged`: in the order of the block. */
export function offeredAfter(
  before: Address | undefined,
  judged: readonly { told: Told; claim: Claim }[],
): Address | undefined {
  return judged.reduce((offered: Address | undefined, { told: { event, telling }, claim }) => {
    if (event.kind !== 'owner') return offered
    const isPlanned = event.standard === 'Ownable2Step' && claim.facts.planned !== undefined
    return isPlanned ? (telling.facts.new as Address) : undefined
  }, before)
}

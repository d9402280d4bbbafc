import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Safeguard } from '../facts/safeguardsIn.ts'
import type { Safeguards } from '../find/findSafeguards.ts'
import type { Proposal } from './proposal.ts'

/** Whoever means harm makes the numbers small, or large, that stand before it. */
export function proposeSafeguards(contracts: readonly NamedFacts[], safeguards: Safeguards): Proposal[] {
  return contracts.flatMap(({ name, facts }) =>
    (safeguards.get(facts.address) ?? []).map(
      (safeguard): Proposal => ({
        name: `${name}-${safeguard.getter}-kept`,
        use: 'state',
        on: [name],
        severity: 'high',
        options: { invariant: invariantOf(safeguard), plannable: true },
        why: [reasons[safeguard.kind]],
      }),
    ),
  )
}

const reasons: Record<Safeguard['kind'], string> = {
  votes: 'So many must agree now; fewer is what a thief with some of the keys waits for.',
  wait: 'Until then what is wrong can be stopped; this is half of the time that there is now.',
  limit: 'No more can leave at once than this allows; it is ten times the present one.',
  price:
    'For a tenth of it, or ten times as much, nobody honest sells or buys: whoever holds the key buys all himself.',
  fee: 'What is kept of each payment; at ten times as much little is left of it.',
}

function invariantOf({ getter, kind, value }: Safeguard): string {
  if (kind === 'votes') return `${getter}() >= ${value}`
  if (kind === 'price') return `${getter}() * 10 >= ${value} and ${getter}() <= ${value * 10n}`
  return kind === 'wait' ? `${getter}() >= ${(value + 1n) / 2n}` : `${getter}() <= ${value * 10n}`
}

import type { Pausers } from './findPausers.ts'
import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** Monitors of who decides: the Safes, governors and timelocks that are watched, or that have power over what is. */
export function proposeDao(contracts: readonly NamedFacts[], pausers: Pausers): Proposal[] {
  const governors = contracts.filter(({ facts }) => facts.governor)
  const ruled = new Set(governors.map(({ facts }) => facts.governor?.timelock))
  const alone = contracts.filter(({ facts }) => facts.timelock && !ruled.has(facts.address))
  return [
    ...safes(contracts),
    ...governors.map((governor) => decisions(governor, contracts, pausers)),
    ...alone.map((timelock) => operations(timelock, pausers)),
  ]
}

function safes(contracts: readonly NamedFacts[]): Proposal[] {
  const own = contracts.filter(({ facts }) => facts.safe)
  if (own.length === 0) return []
  const why = [
    'Owners who believe to sign a payment can sign a delegatecall that hands the whole Safe over.',
    'A provider that gives call traces also shows what modules do: add the option `internal: touching`.',
  ]
  return [{ name: 'safe-executions', use: 'safe-execution', on: own.map(({ name }) => name), why }]
}

function decisions(governor: NamedFacts, contracts: readonly NamedFacts[], pausers: Pausers): Proposal {
  const { address, governor: facts } = governor.facts
  const timelock = contracts.find((each) => each.facts.address === facts?.timelock)
  const votes = contracts.find(({ pointers }) =>
    pointers.some(({ from, where }) => from === address && where === 'token()'),
  )
  const executor = timelock ? `$${timelock.name}` : facts?.timelock
  return {
    name: `${governor.name}-decisions`,
    use: 'governance',
    on: [governor.name, ...(timelock ? [timelock.name] : [])],
    options: { ...(executor && { executor }), ...(votes && { votes: `$${votes.name}` }), ...guardiansOf(pausers) },
    why: [
      'Hostile proposals pass when nobody reads their calls in time.',
      ...(votes ? [`${votes.name} counts the votes: whoever borrows them to vote shows there.`] : []),
      ...guardWhy(pausers),
    ],
  }
}

/** As many as the detector takes. */
const guardiansMax = 8

/** Who can pause something now, and should still be able to after whatever is decided. */
function guardiansOf(pausers: Pausers): { guardians?: { account: string; contract: string }[] } {
  const guardians = [...pausers]
    .slice(0, guardiansMax)
    .map(([contract, account]) => ({ account: `$${account}`, contract: `$${contract}` }))
  return guardians.length > 0 ? { guardians } : {}
}

const guardWhy = (pausers: Pausers): string[] =>
  pausers.size > 0
    ? [
        'What is decided is carried out in a simulation first: whoever can pause now should still be able to afterwards.',
      ]
    : []

function operations({ name, facts }: NamedFacts, pausers: Pausers): Proposal {
  const seconds = facts.timelock?.minDelaySeconds ?? 0n
  return {
    name: `${name}-operations`,
    use: 'governance',
    on: [name],
    ...(pausers.size > 0 && { options: guardiansOf(pausers) }),
    why: [
      `There are ${seconds} s to stop what should not be done, if somebody reads it when it is scheduled.`,
      ...guardWhy(pausers),
    ],
  }
}

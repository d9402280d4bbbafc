import type { NamedFacts } from '../facts/nameContracts.ts'
import { hasFunction } from '../facts/standardSignatures.ts'
import type { Pausers } from '../find/findPausers.ts'
import type { Proposal } from './proposal.ts'

type Foresight = {
  /** Who can pause something now. */
  pausers: Pausers
  /** The provider tells what calls would lead to. */
  simulated: boolean
}

/** Monitors of who decides: the Safes, governors, timelocks and access managers that are watched, or that have power over what is. */
export function proposeDao(contracts: readonly NamedFacts[], given: Foresight): Proposal[] {
  const foresight = foresightOf(contracts, given)
  const governors = contracts.filter(({ facts }) => facts.governor)
  const ruled = new Set(governors.map(({ facts }) => facts.governor?.timelock))
  const alone = contracts.filter(({ facts }) => facts.timelock && !ruled.has(facts.address))
  const managers = contracts.filter(({ facts }) => facts.accessManager)
  return [
    ...safes(contracts),
    ...queues(contracts),
    ...governors.map((governor) => decisions(governor, contracts, foresight)),
    ...[...alone, ...managers].map((queue) => operations(queue, foresight)),
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

/** What modules do for a Safe, its signers are never asked: one monitor for each Safe that has some. */
function queues(contracts: readonly NamedFacts[]): Proposal[] {
  const modules = contracts.filter(({ facts }) => facts.module)
  const accounts = Map.groupBy(modules, ({ facts }) => facts.module!.account)
  return [...accounts].map(([account, own]) => {
    const safe = contracts.find(({ facts }) => facts.address === account)
    return {
      name: `${safe?.name ?? own[0]!.name}-modules`,
      use: 'module-queue',
      on: own.map(({ name }) => name),
      options: { account: safe ? `$${safe.name}` : account },
      why: own.map(({ name, facts: { module } }) => {
        const time = module!.seconds === null ? '' : `: there are ${module!.seconds} s to stop what is not right`
        return `${name} (${module!.kind}) acts without the signers${time}.`
      }),
    }
  })
}

function decisions(
  governor: NamedFacts,
  contracts: readonly NamedFacts[],
  foresight: ReturnType<typeof foresightOf>,
): Proposal {
  const { address, governor: facts } = governor.facts
  const timelock = contracts.find((each) => each.facts.address === facts?.timelock)
  // Compound's governors call it after the token: comp(), uni().
  const votes = contracts.find(({ facts: named, pointers }) =>
    pointers.some(
      ({ from, where }) =>
        from === address &&
        (where === 'token()' || (named.token && hasFunction(named, 'getPriorVotes(address,uint256)'))),
    ),
  )
  const executor = timelock ? `$${timelock.name}` : facts?.timelock
  return {
    name: `${governor.name}-decisions`,
    use: 'governance',
    on: [governor.name, ...(timelock ? [timelock.name] : [])],
    options: { ...(executor && { executor }), ...(votes && { votes: `$${votes.name}` }), ...foresight.options },
    why: [
      'Hostile proposals pass when nobody reads their calls in time.',
      ...(votes ? [`${votes.name} counts the votes: whoever borrows them to vote shows there.`] : []),
      ...foresight.why,
    ],
  }
}

/** As many as the detector takes. */
const guardiansMax = 8

/** What is decided is carried out in a simulation first, where the provider can: who can pause now should still be able to. */
function foresightOf(
  contracts: readonly NamedFacts[],
  { pausers, simulated }: Foresight,
): { options: Record<string, unknown>; why: string[] } {
  if (!simulated) {
    const why =
      'The provider does not simulate calls (eth_simulateV1), so that what is decided is not tried beforehand.'
    return { options: { simulateEvery: 0 }, why: [why] }
  }
  const guardians = [
    ...[...pausers].map(([contract, account]) => ({ account: `$${account}`, contract: `$${contract}` })),
    ...contracts.flatMap((holder) => guardRolesOf(holder, contracts, pausers)),
  ].slice(0, guardiansMax)
  if (guardians.length === 0) return { options: {}, why: [] }
  const why =
    'What is decided is carried out in a simulation first: whoever can pause or cancel now should still be able to.'
  return { options: { guardians }, why: [why] }
}

const guardRole = /^(PAUSER|GUARDIAN|EMERGENCY|CANCELLER)_ROLE$/

/** Roles by which somebody other than the governor can stop things: those whose `pause()` is tried need none. */
function guardRolesOf({ name, facts, pointers }: NamedFacts, contracts: readonly NamedFacts[], pausers: Pausers) {
  if (facts.governor || facts.timelock) return []
  return pointers.flatMap(({ from, where }) => {
    const contract = contracts.find((each) => each.facts.address === from)
    if (!contract || !guardRole.test(where) || pausers.get(contract.name) === name) return []
    return [{ account: `$${name}`, contract: `$${contract.name}`, role: where }]
  })
}

function operations({ name, facts }: NamedFacts, foresight: ReturnType<typeof foresightOf>): Proposal {
  return {
    name: `${name}-operations`,
    use: 'governance',
    on: [name],
    ...(Object.keys(foresight.options).length > 0 && { options: foresight.options }),
    why: [
      facts.timelock
        ? `There are ${facts.timelock.minDelaySeconds} s to stop what should not be done, if somebody reads it when it is scheduled.`
        : 'Whoever may act only after a delay schedules here what he means to do: until then it can be stopped.',
      ...foresight.why,
    ],
  }
}

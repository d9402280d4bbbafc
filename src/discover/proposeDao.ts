import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** Monitors of who decides: the Safes, governors and timelocks that are watched, or that have power over what is. */
export function proposeDao(contracts: readonly NamedFacts[]): Proposal[] {
  const governors = contracts.filter(({ facts }) => facts.governor)
  const ruled = new Set(governors.map(({ facts }) => facts.governor?.timelock))
  const alone = contracts.filter(({ facts }) => facts.timelock && !ruled.has(facts.address))
  return [
    ...safes(contracts),
    ...queues(contracts),
    ...governors.map((governor) => decisions(governor, contracts)),
    ...alone.map(operations),
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

function decisions(governor: NamedFacts, contracts: readonly NamedFacts[]): Proposal {
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
    options: { ...(executor && { executor }), ...(votes && { votes: `$${votes.name}` }) },
    why: [
      'Hostile proposals pass when nobody reads their calls in time.',
      ...(votes ? [`${votes.name} counts the votes: whoever borrows them to vote shows there.`] : []),
    ],
  }
}

function operations({ name, facts }: NamedFacts): Proposal {
  const seconds = facts.timelock?.minDelaySeconds ?? 0n
  return {
    name: `${name}-operations`,
    use: 'governance',
    on: [name],
    why: [`There are ${seconds} s to stop what should not be done, if somebody reads it when it is scheduled.`],
  }
}

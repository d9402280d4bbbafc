import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { hasFunction } from '../facts/standardSignatures.ts'
import type { Rights } from '../find/findRights.ts'
import type { Proposal } from './proposal.ts'

/** As many as the detector takes. */
const giversMax = 8

/** Lists of who may do what that follow no standard. */
export function proposeRights(
  contracts: readonly NamedFacts[],
  rights: Rights,
  { traces }: { traces: boolean },
): Proposal[] {
  return contracts.flatMap((contract) => {
    const { name, facts } = contract
    const views = rights.get(facts.address)
    if (!views) return []
    const givers = traces ? contracts.filter((each) => rules(each, contract)).slice(0, giversMax) : []
    const why = [
      `${name} says yes or no of accounts: whoever is put on a list of its own by a key is told of at once.`,
      ...givers.map((giver) => `${giver.name} has power over it, and what it does inside its transactions is read.`),
    ]
    const options = {
      views: [...views],
      ...(givers.length > 0 && { givers: givers.map((giver) => `$${giver.name}`) }),
    }
    return [{ name: `${name}-rights`, use: 'new-rights', on: [name], options, why }]
  })
}

/** Contracts that act for those who decide, of which a list is changed without its own transaction. */
function rules(giver: NamedFacts, { facts: { address } }: NamedFacts): boolean {
  const naming = giver.pointers.filter(({ from }) => from === address)
  if (giver.facts.form !== 'contract' || naming.length === 0) return false
  return naming.some(({ kind }) => kind === 'power') || acts(giver.facts)
}

function acts(facts: ContractFacts): boolean {
  const { safe, timelock, governor, accessManager, module } = facts
  // Wallets of several owners were written before Safe's, and are called after nothing where they rule.
  const isWallet = () => ['getOwners()', 'isOwner(address)'].some((signature) => hasFunction(facts, signature))
  return Boolean(safe || timelock || governor || accessManager || module) || isWallet()
}

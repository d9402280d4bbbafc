import type { Rights } from './findRights.ts'
import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** Lists of who may do what that follow no standard. */
export function proposeRights(contracts: readonly NamedFacts[], rights: Rights): Proposal[] {
  return contracts.flatMap(({ name, facts }) => {
    const views = rights.get(facts.address)
    if (!views) return []
    const why = [`${name} says yes or no of accounts: whoever is put on a list of its own by a key is told of at once.`]
    return [{ name: `${name}-rights`, use: 'new-rights', on: [name], options: { views: [...views] }, why }]
  })
}

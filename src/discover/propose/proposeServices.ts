import { keccak256, toFunctionSelector, toHex } from 'viem/utils'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { type Pointer, serviceWords } from '../facts/pointersOf.ts'
import type { Proposal } from './proposal.ts'

/** Whoever works for a contract without being asked, found by a getter or a role: keepers, relayers, reporters. */
export function proposeServices(contracts: readonly NamedFacts[], { traces }: { traces: boolean }): Proposal[] {
  return contracts.filter(isServed).flatMap((contract) => {
    const ties = contracts.flatMap((service) => tiesOf(service, contract).map((tie) => ({ service, tie })))
    const byWord = Map.groupBy(ties, ({ tie }) => tie.name!)
    return [...byWord].map(([word, found]): Proposal => {
      // What a contract does for a contract shows inside transactions only.
      const isInside = traces && found.some(({ service }) => service.facts.form === 'contract')
      const [{ where }] = found.map(({ tie }) => tie) as [Pointer]
      return {
        name: `${contract.name}-${word}`,
        use: 'service-health',
        on: [contract.name],
        options: {
          services: found.map(({ service }) => `$${service.name}`),
          ...permitOf(where),
          ...(isInside && { internal: 'touching' }),
        },
        why: [
          `${contract.name} has a ${word} (${where}): it learns how often they work, and tells when they are silent.`,
        ],
      }
    })
  })
}

/** Feeds have monitors of their own; who may execute in a timelock or sign for a Safe is asked and has no rhythm. */
const isServed = ({ facts }: NamedFacts) =>
  facts.form === 'contract' &&
  !(facts.feed || facts.timelock || facts.safe || facts.governor || facts.accessManager || facts.pair || facts.pool)

const tiesOf = ({ pointers }: NamedFacts, { facts }: NamedFacts): Pointer[] =>
  pointers.filter(({ from, name }) => from === facts.address && name !== null && serviceWords.includes(name))

/** How the contract itself tells who may do the work. */
function permitOf(where: string): { namedBy: string } | { role: string } | null {
  const [, getter] = /^(\w+)\(\)$/.exec(where) ?? []
  if (getter) return { namedBy: toFunctionSelector(`${getter}()`) }
  return /^\w+_ROLE$/.test(where) ? { role: keccak256(toHex(where)) } : null
}

import type { NamedFacts } from './nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** What contracts owe to others, and whether it is still there. */
export function proposeValue(own: readonly NamedFacts[]): Proposal[] {
  return [...books(own), ...ownLoss(own)]
}

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

/** Contracts that may owe something to others: the detector finds out itself by what they answer. */
function books(own: readonly NamedFacts[]): Proposal[] {
  const owing = own.filter(
    ({ facts: { form, safe, governor, timelock, accessManager, feed, token } }) =>
      form === 'contract' &&
      !(safe || governor || timelock || accessManager || feed) &&
      (!token || token.standard === 'erc20'),
  )
  if (owing.length === 0) return []
  return [
    {
      name: 'backing',
      use: 'backing',
      on: namesOf(owing),
      why: [
        'Whoever takes what others own, or makes shares or tokens for nothing, leaves less behind each claim than before.',
        'It knows vaults, pairs, lending pools and wrapped coins; give it your own books by the option `books`.',
      ],
    },
  ]
}

/** Contracts of their own kind, whose books nobody knows. */
function ownLoss(own: readonly NamedFacts[]): Proposal[] {
  const unknown = own.filter(
    ({ facts: { form, safe, governor, timelock, accessManager, feed, token, vault, pair } }) =>
      form === 'contract' && !(safe || governor || timelock || accessManager || feed || token || vault || pair),
  )
  if (unknown.length === 0) return []
  const why = ['A thief takes in one transaction what was never his: again and again, or by a contract made for it.']
  return [{ name: 'own-loss', use: 'own-loss', on: namesOf(unknown), why }]
}

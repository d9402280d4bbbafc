import type { Address } from '../../model/chain.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { priceViewsOf } from '../facts/standardSignatures.ts'
import type { Entries } from '../find/findEntries.ts'
import { keepsForHolders } from './keepsForHolders.ts'
import type { Proposal } from './proposal.ts'

/** Functions that may say what is written down for an account, and for an account and an item or a token. */
type Books = { entries: Entries; itemEntries?: Entries; tokenEntries?: Entries }

/** What contracts owe to others, and whether it is still there. */
export function proposeValue(contracts: readonly NamedFacts[], books: Books): Proposal[] {
  const own = contracts.filter(({ role }) => role === 'protected')
  return [
    ...owed(own, contracts),
    ...reliedBooks(contracts),
    ...ownLoss(own, contracts),
    ...own.flatMap((contract) => accounts(contract, books)),
  ]
}

/**
 * Tokens and vaults that ours hold or take as worth something. Who issues them makes and burns much more than a thief may of
 * ours, so that the limits are wider.
 */
function reliedBooks(contracts: readonly NamedFacts[]): Proposal[] {
  const own = new Set(contracts.flatMap(({ role, facts }) => (role === 'protected' ? [facts.address] : [])))
  const isUsed = ({ pointers }: NamedFacts) => pointers.some(({ from, kind }) => own.has(from) && kind !== 'power')
  const relied = contracts.filter(
    (each) =>
      each.role === 'dependency' && (each.facts.vault || each.facts.token?.standard === 'erc20') && isUsed(each),
  )
  if (relied.length === 0) return []
  const why = [
    'Tokens made out of nothing are changed for what is yours, and shares that lost or leapt are pledged for it.',
  ]
  const options = {
    ...{ mediumPercent: 1, highPercent: 5, criticalPercent: 10, mintPercent: 40 },
    ...usersOf(relied, contracts),
  }
  return [{ name: 'relied-backing', use: 'backing', on: namesOf(relied), options, why }]
}

/** Ours that hold or take shares as worth something. Who only governs, prices or trades them lends nothing against them. */
function usersOf(shares: readonly NamedFacts[], contracts: readonly NamedFacts[]): { users?: string[] } {
  const priced = shares.filter(({ facts }) => facts.vault || facts.pair || priceViewsOf(facts).length > 0)
  const users = contracts.filter(
    ({ role, facts: { form, address, safe, governor, timelock, accessManager, feed, pair } }) =>
      role === 'protected' &&
      form === 'contract' &&
      !(safe || governor || timelock || accessManager || feed || pair) &&
      priced.some((each) => each.facts.address !== address && leadsTo(address, each, contracts)),
  )
  return users.length > 0 ? { users: users.map(({ name }) => `$${name}`) } : {}
}

/** Steps from a market to a share: by a token of it, an oracle. */
const stepsMax = 3

/** Whether a contract names another, or one that names it. */
function leadsTo(from: Address, share: NamedFacts, contracts: readonly NamedFacts[], steps = stepsMax): boolean {
  const holders = share.pointers.filter(({ kind }) => kind !== 'power').map((pointer) => pointer.from)
  if (holders.includes(from)) return true
  if (steps <= 1) return false
  return contracts.some((each) => holders.includes(each.facts.address) && leadsTo(from, each, contracts, steps - 1))
}

/** Contracts that can be asked what they have written down for an account, of money or of items. */
function accounts({ name, facts }: NamedFacts, { entries, itemEntries, tokenEntries }: Books): Proposal[] {
  const found = { entries, items: itemEntries, ofTokens: tokenEntries }
  const options = Object.fromEntries(
    Object.entries(found).flatMap(([option, views]) => {
      const own = views?.get(facts.address) ?? []
      return own.length > 0 ? [[option, [...own]]] : []
    }),
  )
  if (Object.keys(options).length === 0) return []
  const why = [
    `${name} tells what it has written down for an account; which of that are its books, use will teach.`,
    'What is paid and taken off no entry was not owed. Until the books are known, all that leaves counts as such.',
  ]
  return [{ name: `${name}-entries`, use: 'account-entries', on: [name], options, why }]
}

const namesOf = (contracts: readonly NamedFacts[]) => contracts.map(({ name }) => name)

/** Contracts that may owe something to others: the detector finds out itself by what they answer. */
function owed(own: readonly NamedFacts[], contracts: readonly NamedFacts[]): Proposal[] {
  const owing = own.filter(
    ({ facts: { form, safe, governor, timelock, accessManager, feed, token } }) =>
      form === 'contract' &&
      !(safe || governor || timelock || accessManager || feed) &&
      (!token || token.standard === 'erc20'),
  )
  if (owing.length === 0) return []
  const options = usersOf(owing, contracts)
  return [
    {
      name: 'backing',
      use: 'backing',
      on: namesOf(owing),
      ...(options.users && { options }),
      why: [
        'Whoever takes what others own, or makes shares or tokens for nothing, leaves less behind each claim than before.',
        'It knows vaults, pairs, lending pools and wrapped coins; give it your own books by the option `books`.',
      ],
    },
  ]
}

/** Contracts of their own kind, whose books nobody knows, and tokens that keep something for their holders. */
function ownLoss(own: readonly NamedFacts[], all: readonly NamedFacts[]): Proposal[] {
  const isUnknown = ({
    form,
    safe,
    governor,
    timelock,
    accessManager,
    feed,
    token,
    vault,
    pair,
  }: NamedFacts['facts']) =>
    form === 'contract' && !(safe || governor || timelock || accessManager || feed || token || vault || pair)
  const unknown = own.filter((each) => isUnknown(each.facts) || keepsForHolders(each, all))
  if (unknown.length === 0) return []
  const why = ['A thief takes in one transaction what was never his: again and again, or by a contract made for it.']
  return [{ name: 'own-loss', use: 'own-loss', on: namesOf(unknown), why }]
}

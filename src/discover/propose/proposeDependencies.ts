import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { freezerOf } from '../facts/standardSignatures.ts'
import { rulesOurs } from './isKin.ts'
import { powerOver } from './powerOver.ts'
import type { Proposal } from './proposal.ts'

/** Monitors of what the watched contracts rely on, and of the keys that have power over them. */
export function proposeDependencies(contracts: readonly NamedFacts[]): Proposal[] {
  const own = contracts.filter(({ role }) => role === 'protected')
  const relied = contracts.filter(({ role }) => role === 'dependency')
  return [...upstream(relied, own), ...keys(relied), ...relied.flatMap((token) => freezing(token, own))]
}

function upstream(relied: readonly NamedFacts[], own: readonly NamedFacts[]): Proposal[] {
  const changeable = relied.filter(({ facts }) => facts.form === 'contract' && isChangeable(facts))
  const all = [...own, ...relied]
  const hasPower = (each: NamedFacts) => each.pointers.some(({ kind }) => kind === 'power') || rulesOurs(each, all)
  const nameOf = (address: string) => all.find(({ facts }) => facts.address === address)?.name
  const propose = (name: string, on: readonly NamedFacts[], options?: Proposal['options']): Proposal[] => {
    if (on.length === 0) return []
    const why = on.map(({ name: each, facts, pointers }) => {
      const ties = pointers.slice(0, 1).map(({ from, where }) => `${nameOf(from)} names it (${where}); `)
      return `${each}: ${ties.join('')}${powerOver(facts)}.`
    })
    const names = on.map(({ name: each }) => each)
    return [{ name, use: 'privileged-change', on: names, ...(options && { options }), why }]
  }
  return [
    ...propose('powers', changeable.filter(hasPower)),
    // Who is made minter of a token upstream is its own affair more often than ours; that it stands still is ours.
    ...propose(
      'upstream',
      changeable.filter((contract) => !hasPower(contract)),
      { severities: { pause: 'high', role: 'medium', initialize: 'medium' }, codeEveryBlocks: 25 },
    ),
  ]
}

const isChangeable = ({ proxy, owned, roles, pausable, safe, timelock, governor, accessManager }: ContractFacts) =>
  Boolean(proxy || owned || roles || pausable || safe || timelock || governor || accessManager)

/** Whoever signs may be talked into letting a contract act for them. */
function keys(relied: readonly NamedFacts[]): Proposal[] {
  const accounts = relied.filter(({ facts }) => facts.form !== 'contract').map(({ name }) => name)
  if (accounts.length === 0) return []
  const why = [
    'These keys have power over what is watched. One that lets a contract act for it (ERC-7702) was tricked.',
  ]
  return [{ name: 'keys', use: 'privileged-change', on: accounts, options: { everyBlocks: 5 }, why }]
}

/** A token that can freeze an account can freeze ours. */
function freezing({ name, facts }: NamedFacts, own: readonly NamedFacts[]): Proposal[] {
  const freezer = freezerOf(facts)
  if (!facts.token || !freezer) return []
  const holders = own.filter(({ facts: { form, token } }) => form === 'contract' && token?.standard !== 'erc721')
  return holders.map((holder) => ({
    name: `${holder.name}-frozen-by-${name}`,
    use: 'state',
    on: [name],
    severity: 'critical',
    options: { invariant: `not ${freezer}($${holder.name})` },
    why: [`Whoever issues ${name} can freeze what ${holder.name} holds of it: nobody could withdraw.`],
  }))
}

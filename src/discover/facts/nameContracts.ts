import type { Address } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import type { ContractFacts } from './contractFacts.ts'
import type { Pointer } from './pointersOf.ts'

/** A contract as the config will know it. `pointers`: who among the others relies on it, and how that shows. */
export type NamedFacts = {
  name: string
  kind: string | null
  role: Contract['role']
  facts: ContractFacts
  pointers: readonly Pointer[]
}

const nameMax = 24

/** Gives each contract a name that says what it is and that no other has, fit to stand in rules as `$name`. */
export function nameContracts(
  inspected: readonly { facts: ContractFacts; role: Contract['role'] }[],
  pointers: readonly Pointer[],
): NamedFacts[] {
  const names = new Map<Address, string>()
  const taken = new Set<string>()
  return inspected.map(({ facts, role }) => {
    const own = pointers.filter(({ to }) => to === facts.address)
    const wanted = wantedName(facts, role === 'dependency' ? calledBy(own, names) : null)
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`
    taken.add(name)
    names.set(facts.address, name)
    return { name, kind: kindOf(facts), role, facts, pointers: own }
  })
}

/** What it is to the first that names it: `vaultUpgrader`; without whose where that is too long, as a cut name says nothing. */
function calledBy(pointers: readonly Pointer[], names: ReadonlyMap<Address, string>): string | null {
  const pointer = pointers.find(({ name, from }) => name !== null && names.has(from))
  if (!pointer?.name) return null
  const whole = `${spaced(names.get(pointer.from)!)} ${spaced(pointer.name)}`
  return camelCase(whole.replaceAll(' ', '').length > nameMax ? spaced(pointer.name) : whole)
}

const spaced = (name: string) => name.replaceAll(/([A-Z])/g, ' $1')

function wantedName(facts: ContractFacts, called: string | null): string {
  const { form, safe, vault, governor, timelock, accessManager, feed, pair, pool, token } = facts
  if (form !== 'contract') return called ?? 'account'
  if (safe) return 'safe'
  if (vault) return 'vault'
  if (governor) return 'governor'
  if (timelock) return 'timelock'
  if (accessManager) return 'accessManager'
  if (feed) return camelCase(feed.description) ?? 'feed'
  if (pair) return 'pair'
  if (pool) return 'pool'
  if (token) return camelCase(token.symbol) ?? 'token'
  return called ?? 'contract'
}

/** `ETH / USD` becomes `ethUsd`; null where no name can be made of it. */
function camelCase(text: string | null): string | null {
  const words = (text ?? '').toLowerCase().match(/[a-z0-9]+/g) ?? []
  const joined = words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
  return /^[a-z]/.test(joined) ? joined.slice(0, nameMax) : null
}

function kindOf({ form, safe, vault, governor, timelock, feed, pair, pool, token }: ContractFacts): string | null {
  if (form !== 'contract') return 'account'
  if (safe) return 'safe'
  if (vault) return 'erc4626'
  if (governor) return 'governor'
  if (timelock) return 'timelock'
  if (feed) return 'chainlink-feed'
  if (pair) return 'uniswap-v2-pair'
  if (pool) return 'uniswap-v3-pool'
  return token?.standard ?? null
}

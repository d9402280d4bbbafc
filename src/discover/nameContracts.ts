import type { Address } from '../model/chain.ts'
import type { Contract } from '../model/contract.ts'
import type { ContractFacts } from './contractFacts.ts'

/** A contract as the config will know it. */
export type NamedFacts = { name: string; kind: string | null; role: Contract['role']; facts: ContractFacts }

const nameMax = 24

/** Gives each contract a name that says what it is and that no other has, fit to stand in rules as `$name`. */
export function nameContracts(inspected: readonly { facts: ContractFacts; role: Contract['role'] }[]): NamedFacts[] {
  const taken = new Set<string>()
  return inspected.map(({ facts, role }) => {
    const wanted = wantedName(facts)
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`
    taken.add(name)
    return { name, kind: kindOf(facts), role, facts }
  })
}

function wantedName(facts: ContractFacts): string {
  const { form, safe, vault, governor, timelock, accessManager, feed, pair, token } = facts
  if (form !== 'contract') return 'account'
  if (safe) return 'safe'
  if (vault) return 'vault'
  if (governor) return 'governor'
  if (timelock) return 'timelock'
  if (accessManager) return 'accessManager'
  if (feed) return camelCase(feed.description) ?? 'feed'
  if (pair) return 'pair'
  if (token) return camelCase(token.symbol) ?? 'token'
  return 'contract'
}

/** `ETH / USD` becomes `ethUsd`; null where no name can be made of it. */
function camelCase(text: string | null): string | null {
  const words = (text ?? '').toLowerCase().match(/[a-z0-9]+/g) ?? []
  const joined = words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
  return /^[a-z]/.test(joined) ? joined.slice(0, nameMax) : null
}

function kindOf({ form, safe, vault, governor, timelock, feed, pair, token }: ContractFacts): string | null {
  if (form !== 'contract') return 'account'
  if (safe) return 'safe'
  if (vault) return 'erc4626'
  if (governor) return 'governor'
  if (timelock) return 'timelock'
  if (feed) return 'chainlink-feed'
  if (pair) return 'uniswap-v2-pair'
  return token?.standard ?? null
}

/** Contracts that were not asked for and without which little can be judged: the assets of vaults. */
export function dependenciesOf(facts: readonly ContractFacts[]): Address[] {
  const known = new Set(facts.map(({ address }) => address))
  return [...new Set(facts.flatMap(({ vault }) => vault?.asset ?? []))].filter((address) => !known.has(address))
}

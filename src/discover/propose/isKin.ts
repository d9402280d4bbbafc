import type { NamedFacts } from '../facts/nameContracts.ts'
import { isOfItsOwnKind } from '../find/findEntries.ts'

/**
 * Whether a contract belongs to the same protocol as a watched one: each names the other, as a pool its book of addresses
 * and that the pool. Whoever changes what stands there changes what is watched.
 */
export function isKin({ role, facts, pointers }: NamedFacts, contracts: readonly NamedFacts[]): boolean {
  if (role !== 'dependency' || !isOfItsOwnKind(facts)) return false
  const names = (from: NamedFacts) => from.pointers.some((pointer) => pointer.from === facts.address)
  return contracts.some(
    (own) => own.role === 'protected' && names(own) && pointers.some(({ from }) => from === own.facts.address),
  )
}

/** Who may do what with a protocol may be kept by a contract that only its book of addresses names. */
export function rulesOurs(contract: NamedFacts, contracts: readonly NamedFacts[]): boolean {
  const { role, facts, pointers } = contract
  if (role !== 'dependency' || !isOfItsOwnKind(facts)) return false
  return (
    isKin(contract, contracts) ||
    pointers.some(({ from }) => contracts.some((each) => each.facts.address === from && isKin(each, contracts)))
  )
}

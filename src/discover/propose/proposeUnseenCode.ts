import { delegates } from '../facts/codeScan.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { NamedFacts } from '../facts/nameContracts.ts'
import type { Proposal } from './proposal.ts'

/** Contracts that may run code of others as themselves, beside that of their implementation. */
export function proposeUnseenCode(own: readonly NamedFacts[], { traces }: { traces: boolean }): Proposal[] {
  const lenders = traces ? own.filter(({ facts }) => lendsItself(facts)) : []
  if (lenders.length === 0) return []
  const why = ['Code that they are made to run as themselves may do anything with them: what they never ran is news.']
  return [{ name: 'unseen-code', use: 'unseen-code', on: lenders.map(({ name }) => name), why }]
}

/** What a Safe is made to run its own monitor tells, and of a diamond its own events. */
function lendsItself({ form, safe, proxy, codes, forwards }: ContractFacts): boolean {
  if (form !== 'contract' || safe || proxy?.pattern === 'diamond') return false
  return forwards || codes.slice(proxy ? 1 : 0).some(delegates)
}

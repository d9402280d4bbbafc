import type { Abi } from 'viem'
import { parseAbi } from 'viem/utils'
import type { NamedFacts } from '../facts/nameContracts.ts'
import { standardSignatures } from '../facts/standardSignatures.ts'

/** The ABI that the source proves, and what of the standards it leaves out, such as what a proxy answers itself. */
export function abiOf({ facts }: Pick<NamedFacts, 'facts'>): Abi {
  const signatures = standardSignatures(facts)
  const standard: Abi = signatures.length > 0 ? parseAbi(signatures) : []
  const { source } = facts
  if (!source) return standard
  const nameOf = (item: Abi[number]) => `${item.type} ${'name' in item ? item.name : ''}`
  const own = new Set(source.abi.map(nameOf))
  return [...source.abi, ...standard.filter((item) => !own.has(nameOf(item)))]
}

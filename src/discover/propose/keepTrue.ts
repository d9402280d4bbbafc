import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { Contract } from '../../model/contract.ts'
import { holdNow } from './holdNow.ts'
import type { Proposal } from './proposal.ts'

/**
 * Leaves out invariants that do not hold now, and values that have none.
 * @throws {RpcError} The chain cannot be read.
 */
export async function keepTrue(
  client: ChainClient,
  header: BlockHeader,
  proposals: readonly Proposal[],
  names: ReadonlyMap<string, Contract>,
): Promise<Proposal[]> {
  const questions = proposals.flatMap((proposal) => {
    const target = names.get(proposal.on[0] ?? '')
    return target ? claimsOf(proposal).map((text) => ({ text, target })) : []
  })
  const answers = await holdNow(client, header, questions, names)
  const key = (text: string, on: string | undefined) => `${on} ${text}`
  const held = new Set(questions.flatMap(({ text, target }, index) => (answers[index] ? key(text, target.name) : [])))
  return proposals.flatMap((proposal): Proposal[] => {
    const { use, on, options } = proposal
    const isTrue = (text: string) => held.has(key(text, on[0]))
    if (use !== 'value-jump') return claimsOf(proposal).every(isTrue) ? [proposal] : []
    const values = valuesOf(proposal).filter((value) => isTrue(isThere(value)))
    return values.length > 0 || options?.calls ? [{ ...proposal, options: { ...options, values } }] : []
  })
}

const isThere = (value: string) => `${value} > 0`

const valuesOf = ({ options }: Proposal) => (options?.values ?? []) as string[]

/** What must be true now for a proposal to make sense. */
function claimsOf(proposal: Proposal): string[] {
  if (proposal.use === 'state') return [String(proposal.options?.invariant)]
  return proposal.use === 'value-jump' ? valuesOf(proposal).map(isThere) : []
}

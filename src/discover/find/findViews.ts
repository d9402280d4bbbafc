import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { askState } from '../facts/askState.ts'
import { selectorsIn } from '../facts/codeScan.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'

/** Functions of contracts, by the contract's address. */
export type Views = ReadonlyMap<Address, readonly Hex[]>

const askedMax = 160
const wordsMax = 8

/** Nobody's account, so that nothing is written down for it. */
export const nobody = `${'0'.repeat(24)}7c0e19d3a54b6f82917d3c5ea06b4f1825d9e37a`
/** More than an address can be. */
export const noAddress = 'f'.repeat(64)

const ask = (to: Address, selector: Hex, argument: string): Read => ({
  ...{ at: 'block', kind: 'call', to },
  data: `${selector}${argument}`,
})

/**
 * Views are known by how they answer.
 * @param given What each function that the code may have is asked with: words as hex digits.
 * @param fits How surely it is meant, by its answers to these; 0: not at all. The surest come first, and contracts that have
 *   none are left out.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findViews(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
  { given, fits }: { given: readonly string[]; fits: (answers: readonly ReadResult[]) => number },
): Promise<Views> {
  const candidates = contracts.map(({ address, codes }) => ({
    address,
    selectors: [...new Set(codes.flatMap(selectorsIn))].slice(0, askedMax),
  }))
  const questions = candidates.flatMap(({ address, selectors }) =>
    selectors.flatMap((selector) => given.map((argument) => ask(address, selector, argument))),
  )
  const answers = await askState(client, header, questions)
  const found = candidates.map(({ address, selectors }) => {
    const ranked = selectors.map((selector) => ({
      selector,
      rank: fits(given.map((argument) => answers.of(ask(address, selector, argument)))),
    }))
    const fitting = ranked.filter(({ rank }) => rank > 0).toSorted((a, b) => b.rank - a.rank)
    return [address, fitting.map(({ selector }) => selector)] as const
  })
  return new Map(found.filter(([, selectors]) => selectors.length > 0))
}

export const isRefused = (answer: ReadResult): boolean => !answer.ok && answer.reverted

/** Nothing but zeros in the first of some words. */
export function saysNothing(answer: ReadResult): boolean {
  if (!answer.ok) return false
  const digits = answer.data.slice(2)
  const isWords = digits.length > 0 && digits.length % 64 === 0 && digits.length <= 64 * wordsMax
  return isWords && /^0{64}/.test(digits)
}

import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { findViews, isRefused, saysNothing, type Views } from './findViews.ts'

/** As many as the detector takes. */
const keptMax = 4
const numbered = (number: bigint): string => number.toString(16).padStart(64, '0')
/** Of what is numbered one by one, from either beginning. */
const first = [0n, 1n, 2n].map(numbered)
/** No more than a counter can be, and more than any has come to. */
const late = numbered(2n ** 62n + 7n)

/**
 * Functions that say whose something is by its number: who names an account for one of the first, nobody for one that was
 * never given, and refuses to say anything without.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findRecords(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Views> {
  const contracts = watched.filter(({ form }) => form === 'contract')
  const found = await findViews(client, header, contracts, { given: [...first, late, ''], fits: isOfNumber })
  return new Map([...found].map(([address, views]) => [address, views.slice(0, keptMax)]))
}

function isOfNumber(answers: readonly ReadResult[]): number {
  const [ofLate, ofNothing] = answers.slice(first.length) as [ReadResult, ReadResult]
  if (!isRefused(ofNothing) || !(isRefused(ofLate) || (saysNothing(ofLate) && !namesSomebody(ofLate)))) return 0
  return answers.slice(0, first.length).some(namesSomebody) ? 1 : 0
}

const isAddress = /^0{24}(?!0{8})/
const wordsMax = 8

const namesSomebody = (answer: ReadResult): boolean =>
  answer.ok && (answer.data.slice(2, 2 + 64 * wordsMax).match(/.{64}/g) ?? []).some((word) => isAddress.test(word))

import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { findViews, isRefused, noAddress, nobody, saysNothing, type Views } from './findViews.ts'

/** Functions that may say what a contract has written down for an account. */
export type Entries = Views

/** As many as the detector takes. */
const keptMax = 8

/**
 * Views of an account are known by how they answer: with nothing written down for somebody who never was there, and not at
 * all where no account is given. Whether what they say has to do with money, use will show.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findEntries(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Entries> {
  const found = await accountViews(client, header, watched.filter(isOfItsOwnKind))
  return new Map([...found].map(([address, views]) => [address, views.slice(0, keptMax)]))
}

/**
 * Functions that say something of an account, the surest first; contracts that have none are left out.
 * @throws {RpcError} The chain cannot be read.
 */
export const accountViews = (
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
): Promise<Views> => findViews(client, header, contracts, { given: [nobody, '', noAddress], fits: isOfAccount })

/** Who refuses what is no address asks for one; older compilers let it pass. */
function isOfAccount([ofNobody, ofNothing, ofNoAddress]: readonly ReadResult[]): number {
  if (!saysNothing(ofNobody!) || !isRefused(ofNothing!)) return 0
  return isRefused(ofNoAddress!) ? 2 : 1
}

/** Of the standards others know better what is owed. */
export const isOfItsOwnKind = (facts: ContractFacts): boolean => {
  const { form, safe, governor, timelock, accessManager, feed, token, vault, pair, pool } = facts
  return (
    form === 'contract' && !(safe || governor || timelock || accessManager || feed || token || vault || pair || pool)
  )
}

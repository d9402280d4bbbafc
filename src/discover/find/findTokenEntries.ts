import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { type Entries, isOfItsOwnKind } from './findEntries.ts'
import { findViews, isRefused, noAddress, nobody, saysNothing } from './findViews.ts'

/** As many as the detector takes. */
const keptMax = 2

/**
 * Views of a token and an account: with nothing written down for somebody who never was there, and refused without both, or
 * where one of them is no address.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findTokenEntries(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Entries> {
  const given = [nobody + nobody, nobody, noAddress + nobody, nobody + noAddress]
  const found = await findViews(client, header, watched.filter(isOfItsOwnKind), { given, fits: isOfBoth })
  return new Map([...found].map(([address, views]) => [address, views.slice(0, keptMax)]))
}

const isOfBoth = ([ofBoth, ...others]: readonly ReadResult[]): number =>
  saysNothing(ofBoth!) && others.every(isRefused) ? 1 : 0

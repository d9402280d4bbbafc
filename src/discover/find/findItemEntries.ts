import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { BlockHeader, Hex } from '../../model/chain.ts'
import type { ReadResult } from '../../model/read.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { type Entries, isOfItsOwnKind } from './findEntries.ts'
import { findViews, isRefused, noAddress, nobody, saysNothing } from './findViews.ts'

/** As many as the detector takes. */
const keptMax = 2
/** More than an address can be, so that what takes two addresses refuses it. */
const largeId = noAddress

/**
 * Views of an account and an item: with nothing written down for somebody who never was there, whatever the item, and
 * refused without one.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findItemEntries(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<Entries> {
  const boxes = watched.filter((facts) => isOfItsOwnKind(facts) && takesItems(facts))
  const given = [nobody + largeId, nobody, noAddress + largeId]
  const found = await findViews(client, header, boxes, { given, fits: isOfAccountAndItem })
  return new Map([...found].map(([address, views]) => [address, views.slice(0, keptMax)]))
}

const isOfAccountAndItem = ([ofBoth, withoutItem, ofNoAddress]: readonly ReadResult[]): number =>
  saysNothing(ofBoth!) && isRefused(withoutItem!) && isRefused(ofNoAddress!) ? 1 : 0

/** `onERC1155Received` and `onERC1155BatchReceived`, without which no ERC-1155 can be sent to a contract. */
const receivers: readonly Hex[] = ['0xf23a6e61', '0xbc197c81']

const takesItems = ({ codes }: ContractFacts): boolean =>
  codes.some((code) => receivers.some((each) => code.includes(each.slice(2))))

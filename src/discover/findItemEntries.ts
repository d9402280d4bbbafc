import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { BlockHeader, Hex } from '../model/chain.ts'
import { askState } from './askState.ts'
import { selectorsIn } from './codeScan.ts'
import type { ContractFacts } from './contractFacts.ts'
import {
  ask,
  askedMax,
  type Entries,
  isOfItsOwnKind,
  isRefused,
  noAddress,
  nobody,
  saysNothing,
} from './findEntries.ts'

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
  const candidates = watched
    .filter((facts) => isOfItsOwnKind(facts) && takesItems(facts))
    .map(({ address, codes }) => ({ address, selectors: [...new Set(codes.flatMap(selectorsIn))].slice(0, askedMax) }))
  const given = [nobody + largeId, nobody, noAddress + largeId]
  const answers = await askState(
    client,
    header,
    candidates.flatMap(({ address, selectors }) =>
      selectors.flatMap((selector) => given.map((argument) => ask(address, selector, argument))),
    ),
  )
  const found = candidates.map(({ address, selectors }) => {
    const [whole, half, odd] = given as [string, string, string]
    const fitting = selectors.filter(
      (selector) =>
        saysNothing(answers.of(ask(address, selector, whole))) &&
        isRefused(answers.of(ask(address, selector, half))) &&
        isRefused(answers.of(ask(address, selector, odd))),
    )
    return [address, fitting.slice(0, keptMax)] as const
  })
  return new Map(found.filter(([, selectors]) => selectors.length > 0))
}

/** `onERC1155Received` and `onERC1155BatchReceived`, without which no ERC-1155 can be sent to a contract. */
const receivers: readonly Hex[] = ['0xf23a6e61', '0xbc197c81']

const takesItems = ({ codes }: ContractFacts): boolean =>
  codes.some((code) => receivers.some((each) => code.includes(each.slice(2))))

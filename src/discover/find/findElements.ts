import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read, ReadResult } from '../../model/read.ts'
import { addressOf, dataOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { findViews, isRefused } from './findViews.ts'

/** Of one contract; places of one list. */
const [listsMax, placesMax] = [4, 8]
const wordOf = (place: number) => place.toString(16).padStart(64, '0')
const ask = (to: Address, data: Hex): Read => ({ at: 'block', kind: 'call', to, data })

/**
 * Places of lists of addresses that are asked for by their number, such as those of payees: the calldata to which the
 * contract answers who stands there.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findElements(
  client: ChainClient,
  header: BlockHeader,
  contracts: readonly ContractFacts[],
): Promise<ReadonlyMap<Address, readonly Hex[]>> {
  const found = await findViews(client, header, contracts, { given: [wordOf(0), ''], fits: isOfPlace })
  const lists = [...found].map(([address, views]) => {
    const places = views.slice(0, listsMax).map((view) => placesOf(view))
    return [address, places] as const
  })
  const answers = await askState(
    client,
    header,
    lists.flatMap(([address, places]) => places.flat().map((data) => ask(address, data))),
  )
  return new Map(
    lists.map(([address, places]) => {
      const end = (own: readonly Hex[]) => own.findIndex((data) => !addressOf(dataOf(answers.of(ask(address, data)))))
      return [address, places.flatMap((own) => (end(own) < 0 ? own : own.slice(0, end(own))))] as const
    }),
  )
}

const placesOf = (view: Hex) => Array.from({ length: placesMax }, (_, place): Hex => `${view}${wordOf(place)}`)

const isOfPlace = ([first, ofNothing]: readonly ReadResult[]): number =>
  isRefused(ofNothing!) && addressOf(dataOf(first!)) ? 1 : 0

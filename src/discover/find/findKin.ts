import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader, Hex } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { addressOf, dataOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import type { Pointer } from '../facts/pointersOf.ts'
import { isOfItsOwnKind } from './findEntries.ts'
import { findViews } from './findViews.ts'

/** As many contracts, and addresses that each names, as are looked at. */
const [contractsMax, namedMax] = [16, 24]

/**
 * Of contracts that the watched ones name, those that name one of them in turn, such as the book of addresses of a lending
 * pool: all that they name by functions without arguments, whatever these are called.
 * @throws {RpcError} The chain cannot be read.
 */
export async function findKin(
  client: ChainClient,
  header: BlockHeader,
  { named, own }: { named: readonly ContractFacts[]; own: ReadonlySet<Address> },
): Promise<Pointer[]> {
  const plain = named.filter(({ address, ...facts }) => !own.has(address) && isOfItsOwnKind({ address, ...facts }))
  const found = await findViews(client, header, plain.slice(0, contractsMax), {
    given: [''],
    fits: ([answer]) => (isPlace(addressOf(dataOf(answer!))) ? 1 : 0),
  })
  const asked = [...found].flatMap(([from, views]) => views.slice(0, namedMax).map((selector) => ({ from, selector })))
  const answers = await askState(client, header, asked.map(readOf))
  const pointers = asked.flatMap((each): Pointer[] => {
    const to = addressOf(dataOf(answers.of(readOf(each))))
    return to && to !== each.from
      ? [{ from: each.from, to, kind: 'use', name: null, where: `function ${each.selector}` }]
      : []
  })
  const kin = new Set(pointers.flatMap(({ from, to }) => (own.has(to) ? [from] : [])))
  return pointers.filter(({ from }) => kin.has(from))
}

const readOf = ({ from, selector }: { from: Address; selector: Hex }): Read => ({
  ...{ at: 'block', kind: 'call' },
  ...{ to: from, data: selector },
})

/** Small numbers are none. */
const isPlace = (address: Address | undefined): boolean => address !== undefined && !/^0x0{8}/.test(address)

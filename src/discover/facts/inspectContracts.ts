import { fetchHeader } from '../../evm/fetchBlock.ts'
import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import { RpcError } from '../../evm/rpc/rpcError.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import type { Read } from '../../model/read.ts'
import { addressOf, dataOf, numberAt } from './answerOf.ts'
import { type Answers, askState } from './askState.ts'
import type { ContractFacts } from './contractFacts.ts'
import { findProxy } from './findProxy.ts'
import { callRead, codeRead, convertRead, firstReads, lastRounds, roundRead } from './probes.ts'
import { oneShareOf, recognise } from './recognise.ts'

export type Inspection = { header: BlockHeader; facts: ContractFacts[] }

/**
 * Finds out what some addresses are, by what stands in their code and storage and by what they answer. Three batched
 * requests for all of them: what can be asked of anybody, what the answers lead to, and code behind a beacon.
 * @throws {RpcError} The chain cannot be read.
 */
export async function inspectContracts(client: ChainClient, addresses: readonly Address[]): Promise<Inspection> {
  const header = await fetchHeader(client, 'latest')
  if (!header) throw new RpcError('malformed', 'No provider of this chain tells its newest block.')
  const first = await askState(client, header, addresses.flatMap(firstReads))
  for (const address of addresses) {
    const code = first.of(codeRead(address))
    if (!code.ok) throw new RpcError('malformed', `The code of ${address} could not be read: ${code.reason}`)
  }
  const second = await askState(
    client,
    header,
    addresses.flatMap((address) => secondReads(address, first)),
  )
  const both = joined(first, second)
  const behindBeacons = addresses.flatMap((address) => {
    const { beacon, implementation } = findProxy(address, both) ?? {}
    return beacon && implementation ? [codeRead(implementation)] : []
  })
  const all = joined(both, await askState(client, header, behindBeacons))
  return { header, facts: addresses.map((address) => recognise(address, all)) }
}

/** What the first answers give reason to ask. */
function secondReads(address: Address, first: Answers): Read[] {
  const proxy = findProxy(address, first)
  const [owner, asset] = (['owner', 'asset'] as const).map((name) =>
    addressOf(dataOf(first.of(callRead(address, name)))),
  )
  const round = numberAt(dataOf(first.of(callRead(address, 'latestRound'))))
  return [
    ...(proxy?.implementation ? [codeRead(proxy.implementation)] : []),
    ...(proxy?.beacon ? [callRead(proxy.beacon, 'implementation')] : []),
    ...(owner ? [codeRead(owner)] : []),
    ...(asset ? [callRead(asset, 'symbol'), callRead(asset, 'decimals')] : []),
    ...(asset ? [convertRead(address, oneShareOf(address, first))] : []),
    ...(round === undefined ? [] : lastRounds(round).map((number) => roundRead(address, number))),
  ]
}

/** Of two rounds of questions, an answer of either. */
function joined(first: Answers, second: Answers): Answers {
  return {
    of: (read) => {
      const result = second.of(read)
      return result.ok ? result : betterOf(first.of(read), result)
    },
  }
}

const betterOf = <Result extends { ok: boolean }>(a: Result, b: Result): Result => (a.ok ? a : b)

import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../model/chain.ts'
import { dataOf } from './answerOf.ts'
import { askState } from './askState.ts'
import type { ContractFacts } from './contractFacts.ts'
import { findRoleHolders } from './findRoleHolders.ts'
import { inspectContracts } from './inspectContracts.ts'
import { type Pointer, pointerReads, pointersOf } from './pointersOf.ts'
import { codeRead } from './probes.ts'

/** What some contracts rely on, and who has power over them. `left`: how many more were found than can be looked at. */
export type DependencyMap = { facts: ContractFacts[]; pointers: Pointer[]; left: number }

const dependenciesMax = 40
/** The vault's price feed, and who may change that feed; what lies farther away is for those who watch that. */
const steps = 2

/**
 * Follows the addresses that contracts name, two steps far.
 * @throws {RpcError} The chain cannot be read.
 */
export async function mapDependencies(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
): Promise<DependencyMap> {
  const map: DependencyMap = { facts: [], pointers: [], left: 0 }
  const known = new Set<Address>(watched.map(({ address }) => address))
  let edge: readonly ContractFacts[] = watched
  for (let step = 1; step <= steps && edge.length > 0; step++) {
    const answers = await askState(client, header, edge.flatMap(pointerReads))
    const named = edge.flatMap((facts) => pointersOf(facts, answers)).filter((each) => step === 1 || isClose(each))
    const found = [...named, ...((await findRoleHolders(client, header, edge)) ?? [])]
    const real = await standing(client, header, found)
    map.pointers.push(...real)
    const fresh = [...new Set(real.map(({ to }) => to))].filter((address) => !known.has(address))
    const taken = fresh.slice(0, dependenciesMax - map.facts.length)
    map.left += fresh.length - taken.length
    if (taken.length === 0) break
    for (const address of taken) known.add(address)
    edge = (await inspectContracts(client, taken)).facts
    map.facts.push(...edge)
  }
  return { ...map, pointers: map.pointers.filter(({ to }) => known.has(to)) }
}

/** Of a dependency only what it is priced by and who has power over it matters to us. */
const isClose = ({ kind, name }: Pointer) => kind === 'power' || (kind === 'value' && name !== null)

/** Those behind which there is code; and keys, where they have power. */
async function standing(client: ChainClient, header: BlockHeader, pointers: readonly Pointer[]): Promise<Pointer[]> {
  const answers = await askState(
    client,
    header,
    pointers.map(({ to }) => codeRead(to)),
  )
  return pointers.filter(({ to, kind }) => kind === 'power' || dataOf(answers.of(codeRead(to))) !== undefined)
}

import type { ChainClient } from '../../evm/rpc/chainClient.ts'
import type { Address, BlockHeader } from '../../model/chain.ts'
import { dataOf } from '../facts/answerOf.ts'
import { askState } from '../facts/askState.ts'
import type { ContractFacts } from '../facts/contractFacts.ts'
import { inspectContracts } from '../facts/inspectContracts.ts'
import { inCode, inUse, type Pointer, pointerReads, pointersOf } from '../facts/pointersOf.ts'
import { codeRead } from '../facts/probes.ts'
import { priceViewsOf } from '../facts/standardSignatures.ts'
import type { Asked } from '../find/findAsked.ts'
import { findHoldings } from '../find/findHoldings.ts'
import { findKin } from '../find/findKin.ts'
import { findReserveTokens } from '../find/findReserveTokens.ts'
import { findRoleHolders } from '../find/findRoleHolders.ts'
import { findStill, type Stillness } from '../find/findStill.ts'

/** What some contracts rely on, and who has power over them. `left`: how many more were found than can be looked at. */
export type DependencyMap = { facts: ContractFacts[]; pointers: Pointer[]; left: number }

const dependenciesMax = 40
const askedMax = 16
/** The vault's price feed, and who may change that feed; what lies farther away is for those who watch that. */
const steps = 2

/**
 * Follows the addresses that contracts name, two steps far, and what they were seen to ask.
 * @throws {RpcError} The chain cannot be read.
 */
export async function mapDependencies(
  client: ChainClient,
  header: BlockHeader,
  watched: readonly ContractFacts[],
  asked: readonly Asked[] = [],
): Promise<DependencyMap> {
  const map: DependencyMap = { facts: [], pointers: [], left: 0 }
  const known = new Set<Address>(watched.map(({ address }) => address))
  const own: ReadonlySet<Address> = new Set(known)
  await addAsked(client, map, { known, asked })
  let edge: readonly ContractFacts[] = watched
  for (let step = 1; step <= steps && edge.length > 0; step++) {
    const answers = await askState(client, header, edge.flatMap(pointerReads))
    const all = edge.flatMap((facts) => pointersOf(facts, answers))
    const named = all.filter((each) => step === 1 || isClose(each))
    const held =
      step === 1
        ? [
            ...(await findReserveTokens(client, header, { watched, pointers: all })),
            ...(await findHoldings(client, header, watched)),
          ]
        : []
    const told = [...named, ...((await findRoleHolders(client, header, edge)) ?? []), ...held]
    const kin = step === 1 ? [] : await findKin(client, header, { named: edge, own })
    const found = [...told, ...kin.filter((each) => !told.some(({ from, to }) => from === each.from && to === each.to))]
    const real = await standing(client, header, found)
    map.pointers.push(...real)
    const fresh = [...new Set(real.map(({ to }) => to))].filter((address) => !known.has(address))
    const taken = fresh.slice(0, dependenciesMax - map.facts.length)
    map.left += fresh.length - taken.length
    for (const address of taken) known.add(address)
    const room = dependenciesMax - map.facts.length - taken.length
    if (step === steps) await addSources(client, map, { known, pointers: all, room })
    if (taken.length === 0) break
    const taking = (await inspectContracts(client, taken)).facts
    edge = step === 1 ? [...map.facts, ...taking] : taking
    map.facts.push(...taking)
  }
  const stillness = await findStill(
    client,
    header,
    map.pointers.filter(({ from }) => own.has(from)),
  )
  const forwarding = [...watched, ...map.facts].filter(({ form, forwards }) => form === 'contract' && forwards)
  return withoutStrangers(map, known, { ...stillness, forwarding: new Set(forwarding.map(({ address }) => address)) })
}

/** Whom ours ask whenever they are used they rely on, wherever its address stands. Tokens and vaults others find. */
async function addAsked(
  client: ChainClient,
  map: DependencyMap,
  { known, asked }: { known: Set<Address>; asked: readonly Asked[] },
): Promise<void> {
  const [addresses, prices] = [
    asked.flatMap(({ to, named }) => (named ? [to, named] : [to])),
    asked.filter(({ isPrice }) => isPrice),
  ]
  const fresh = [...new Set(addresses)].filter((address) => !known.has(address)).slice(0, askedMax)
  if (fresh.length === 0) return
  const isTold = (facts: ContractFacts) =>
    isPlain(facts) || facts.pair || facts.pool || prices.some(({ to }) => to === facts.address)
  for (const facts of (await inspectContracts(client, fresh)).facts.filter(isTold)) {
    known.add(facts.address)
    map.facts.push(facts)
  }
  const told = asked.flatMap(({ from, to, call, named }): Pointer[] => [
    { from, to, kind: 'use', name: null, where: inUse },
    ...(named ? [{ from: to, to: named, kind: 'use' as const, name: null, where: `call ${call}` }] : []),
  ])
  const distinct = [...new Map(told.map((each) => [`${each.from} ${each.to} ${each.where}`, each])).values()]
  map.pointers.push(...distinct.filter(({ from, to }) => known.has(from) && known.has(to)))
}

/**
 * What an oracle takes its prices from may stand nowhere but in its code: so whatever a contract of its own kind calls is
 * looked at, and kept where it is a feed or a pool.
 */
async function addSources(
  client: ChainClient,
  map: DependencyMap,
  { known, pointers, room }: { known: Set<Address>; pointers: readonly Pointer[]; room: number },
): Promise<void> {
  const plain = new Set(map.facts.filter(isPlain).map(({ address }) => address))
  const used = pointers.filter(({ from, kind }) => kind === 'use' && plain.has(from))
  const unknown = used.map(({ to }) => to).filter((address) => !known.has(address))
  const candidates = [...new Set(unknown)].slice(0, room)
  const sources = (await inspectContracts(client, candidates)).facts.filter(
    ({ feed, pair, pool }) => feed || pair || pool,
  )
  for (const facts of sources) {
    known.add(facts.address)
    map.facts.push(facts)
  }
  map.pointers.push(...used.filter(({ to }) => known.has(to)))
}

const isPlain = ({ form, token, vault, safe, governor, timelock, accessManager, pair, pool }: ContractFacts) =>
  form === 'contract' && !(token || vault || safe || governor || timelock || accessManager || pair || pool)

/**
 * A contract of which nothing is known but that its address stands in some code or storage says nothing to anybody, unless
 * one of ours was set up with it. What use changes, such as the last of many, is nothing that ours rely on.
 */
function withoutStrangers(
  map: DependencyMap,
  known: ReadonlySet<Address>,
  { still, moving, forwarding }: Stillness & { forwarding: ReadonlySet<Address> },
): DependencyMap {
  const pointers = map.pointers.filter((pointer) => !moving.has(pointer))
  const reached = new Set(pointers.map(({ to }) => to))
  // What a contract hands its calls on to is its code, wherever the address stands.
  const isTold = ({ from, name, where }: Pointer) =>
    name !== null || where === inUse || where.startsWith('call ') || (where === inCode && forwarding.has(from))
  const named = new Set(pointers.flatMap((pointer) => (isTold(pointer) ? [pointer.to] : [])))
  const sources = new Set(
    map.facts.filter(({ feed, pair, pool }) => feed || pair || pool).map(({ address }) => address),
  )
  // A contract through which ours come to a price is no stranger.
  const leading = new Set(pointers.flatMap(({ from, to }) => (sources.has(to) ? [from] : [])))
  const facts = map.facts.filter(
    (each) =>
      reached.has(each.address) &&
      (named.has(each.address) || leading.has(each.address) || still.has(each.address) || isKnown(each)),
  )
  const left = new Set(map.facts.filter((each) => !facts.includes(each)).map(({ address }) => address))
  return {
    ...map,
    facts,
    pointers: pointers.filter(({ to, from }) => known.has(to) && !left.has(to) && !left.has(from)),
  }
}

const isKnown = (facts: ContractFacts) =>
  Object.values(facts).some((fact) => fact !== null && typeof fact === 'object' && 'why' in fact) ||
  priceViewsOf(facts).length > 0

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

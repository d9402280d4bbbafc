import type { Block, Hex } from '../model/chain.ts'
import { type Read, type ReadResult, readKey } from '../model/read.ts'
import { beaconRead, type ImplementationRead, implementationIn, placesOf } from './implementationReads.ts'
import type { ChainClient } from './rpc/chainClient.ts'
import type { RpcAnswer } from './rpc/provider.ts'
import { RpcError } from './rpc/rpcError.ts'
import type { RpcCall } from './rpc/transport.ts'
import { resultOfSimulation, simulationParams } from './simulation.ts'

type PlainRead = Exclude<Read, ImplementationRead>

/**
 * Answers all reads in one batched request (one more for every 1,000 different reads, one for implementations that stand
 * behind a beacon, and one for simulations, whose failure is theirs alone).
 *
 * A batch and not Multicall3: inside one `eth_call` a hostile contract could burn the gas of its neighbours and so
 * make their answers look like reverts; in a batch each call stands alone.
 * @returns Answers by `readKey`; each read has one.
 * @throws {RpcError} No provider answered at all, or none has the block: reorganised away, or not there yet.
 */
export async function readState(
  client: ChainClient,
  block: Pick<Block, 'hash' | 'parentHash'>,
  reads: readonly Read[],
): Promise<Map<string, ReadResult>> {
  const asked = new Map(reads.map((read) => [readKey(read), read]))
  const implementations = [...asked.values()].filter((read) => read.kind === 'implementation')
  const plain = [...asked.values()].filter((read) => read.kind !== 'implementation')
  const answers = await answer(client, block, [...plain, ...implementations.flatMap(placesOf)])
  const beacons = implementations.flatMap((read) => beaconRead(read, answers) ?? [])
  if (beacons.length > 0) for (const [key, result] of await answer(client, block, beacons)) answers.set(key, result)
  return new Map(
    [...asked].map(([key, read]) => [
      key,
      read.kind === 'implementation' ? implementationIn(read, answers) : answers.get(key)!,
    ]),
  )
}

async function answer(
  client: ChainClient,
  block: Pick<Block, 'hash' | 'parentHash'>,
  reads: readonly PlainRead[],
): Promise<Map<string, ReadResult>> {
  const distinct = [...new Map(reads.map((read) => [readKey(read), read]))]
  const [simulated, others] = [true, false].map((is) =>
    distinct.filter(([, read]) => (read.kind === 'simulation') === is),
  )
  const lists = [
    [others!, askInParts(client, callsOf(others!, block))],
    [simulated!, askApart(client, callsOf(simulated!, block))],
  ] as const
  const answered = await Promise.all(lists.map(([, answers]) => answers))
  const results = lists.flatMap(([asked], list) =>
    asked.map(([key, read], index) => [key, resultOf(read, answered[list]![index]!)] as const),
  )
  return new Map(results)
}

const callsOf = (asked: readonly (readonly [string, PlainRead])[], block: Pick<Block, 'hash' | 'parentHash'>) =>
  asked.map(([, read]) => callOf(read, block))

/** Simulations run what strangers wrote: where they take too long, nothing else may fail with them. */
async function askApart(client: ChainClient, calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
  if (calls.length === 0) return []
  try {
    return await askInParts(client, calls)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return calls.map(() => ({ ok: false, error }))
  }
}

/** Where hostile contracts together answer more than we take, each half is asked for itself, down to the one to blame. */
async function askInParts(client: ChainClient, calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
  try {
    return await client.batch(calls)
  } catch (error) {
    if (!(error instanceof RpcError) || error.fault !== 'too large') throw error
    if (calls.length === 1) return [{ ok: false, error }]
    const half = Math.ceil(calls.length / 2)
    return [...(await askInParts(client, calls.slice(0, half))), ...(await askInParts(client, calls.slice(half)))]
  }
}

/** For one view: plenty for honest ones, and no more than some 5 MB of answer for those that are not. */
const gasPerCall: Hex = '0x1312d00'

/** The JSON-RPC method of each kind of read. */
export const readMethods = {
  call: 'eth_call',
  balance: 'eth_getBalance',
  storage: 'eth_getStorageAt',
  code: 'eth_getCode',
  simulation: 'eth_simulateV1',
} as const satisfies Record<PlainRead['kind'], string>

function callOf(read: PlainRead, block: Pick<Block, 'hash' | 'parentHash'>): RpcCall {
  const method = readMethods[read.kind]
  const where = { blockHash: read.at === 'block' ? block.hash : block.parentHash }
  switch (read.kind) {
    case 'call':
      return {
        method,
        params: [{ ...(read.from && { from: read.from }), to: read.to, data: read.data, gas: gasPerCall }, where],
      }
    case 'simulation':
      return { method, params: [simulationParams(read), where] }
    case 'storage':
      return { method, params: [read.of, read.slot, where] }
    case 'balance':
    case 'code':
      return { method, params: [read.of, where] }
  }
}

function resultOf(read: PlainRead, answer: RpcAnswer): ReadResult {
  if (!answer.ok && answer.error.unknownBlock && read.at === 'block') throw answer.error
  if (read.kind === 'simulation') return resultOfSimulation(read, answer)
  if (!answer.ok) return { ok: false, reverted: answer.error.reverted, reason: answer.error.message }
  const { result } = answer
  const isWord = read.kind === 'balance' || read.kind === 'storage'
  const isHex = typeof result === 'string' && /^0x[0-9a-fA-F]*$/.test(result)
  if (!isHex || (isWord ? result.length > 66 : result.length % 2 !== 0)) {
    const wanted = isWord ? 'word' : 'hex of whole bytes'
    return { ok: false, reverted: false, reason: `a provider answered with something that is no ${wanted}` }
  }
  const digits = result.slice(2).toLowerCase()
  return { ok: true, data: `0x${isWord ? digits.padStart(64, '0') : digits}` }
}

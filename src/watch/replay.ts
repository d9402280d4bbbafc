import { type FetchedBlock, fetchBlock } from '../evm/fetchBlock.ts'
import { readState } from '../evm/readState.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { createTraceReader, type TraceReader } from '../evm/traces/traceReader.ts'
import type { Block } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import { readKey } from '../model/read.ts'
import type { MemoryChange } from '../store/memory.ts'
import { createDispatchIndex, type DispatchIndex } from './dispatchIndex.ts'
import { type Growth, judgeBlock, type StateReader } from './judgeBlock.ts'
import { createMonitorMemory, type MonitorMemory } from './monitorMemory.ts'
import { readAhead } from './readAhead.ts'
import type { Sighted } from './toFinding.ts'

/**
 * What the monitors say about one block of the past. `faults`: what in it nobody could see, as it could not be read.
 * `memory`: what they learnt from it.
 */
export type Replayed = {
  block: Block
  sighted: Sighted[]
  /** Keys of alerts that their detector says are over, and what has become larger of what one is about. */
  cleared: string[]
  grown: Growth[]
  blind: { monitor: string; reason: string }[]
  faults: string[]
  memory: readonly MemoryChange[]
}

/** `standing`: findings that were made before and still hold; they come with the first block. */
export type Learnt = { memory: MonitorMemory; standing: Sighted[] }

export type ReplaySource = { client: ChainClient; monitors: readonly Monitor[]; ahead: number }

/**
 * Shows the monitors a stretch of the past, from block `from` to block `to`, both included. The same road as the watch,
 * with a memory of its own, which begins with what they have `learnt`; nothing is stored, nobody is told. Where receipts
 * or state cannot be read it goes on, and says who was blind: it has no later to wait for.
 * @throws {KnownError} The chain has no such block, or was reorganised while it was read.
 * @throws {RpcError} A block itself cannot be read.
 */
export async function* replay(
  { client, monitors, ahead }: ReplaySource,
  { from, to }: { from: number; to: number },
  learnt: Learnt = { memory: createMonitorMemory([]), standing: [] },
): AsyncGenerator<Replayed> {
  const index = createDispatchIndex(monitors)
  const readTraces = createTraceReader(client, index.wantsTraces, { rests: false })
  const { memory } = learnt
  const readers = { index, memory, readState: stateReader(client) }
  const told = new Map<string, string>()
  let { standing } = learnt
  let parent: Block | undefined
  let number = from
  for await (const fetched of readAhead({ from, to, ahead }, (next) =>
    fetchLeniently(client, next, index, readTraces),
  )) {
    if (!fetched)
      throw new KnownError('not_found', `No provider has block ${number}.`, { hints: ['Choose an earlier --to.'] })
    const { block, faults } = fetched
    if (parent && block.parentHash !== parent.hash) {
      throw new KnownError('conflict', `The chain was reorganised at block ${block.number} while it was replayed.`, {
        hints: ['Run the replay again, up to a block that is final.'],
        retryable: true,
      })
    }
    const judgement = await judgeBlock(readers, block)
    memory.apply(judgement.memory)
    const blind = [...judgement.blind].map(([{ name }, reason]) => ({ monitor: name, reason }))
    // A claim about state can come back in a later block; it is the same finding then.
    const sighted = [...standing, ...judgement.sighted].filter(({ finding }) => !told.has(finding.id))
    standing = []
    const { cleared, grown } = judgement
    for (const [id, alertKey] of told) if (cleared.includes(alertKey)) told.delete(id)
    for (const { finding } of sighted) if (finding.transactionHash === null) told.set(finding.id, finding.alertKey)
    yield { block, sighted, cleared, grown, blind, faults, memory: judgement.memory }
    parent = block
    number++
  }
}

/** A block without its receipts where these cannot be read, with the reason. */
async function fetchLeniently(
  client: ChainClient,
  number: number,
  { wantsReceipts }: DispatchIndex,
  readTraces: TraceReader,
): Promise<FetchedBlock | null> {
  try {
    return await fetchBlock(client, number, wantsReceipts, readTraces)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const fetched = await fetchBlock(client, number, () => false)
    return fetched && { ...fetched, faults: [error.message, ...fetched.faults] }
  }
}

/** Answers every read, if only by the reason why there is no answer. */
function stateReader(client: ChainClient): StateReader {
  return async (block, reads) => {
    try {
      return await readState(client, block, reads)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      const { message: reason } = error
      return new Map(reads.map((read) => [readKey(read), { ok: false, reverted: false, reason }]))
    }
  }
}

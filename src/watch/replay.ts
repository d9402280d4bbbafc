import { type FetchedBlock, fetchBlock } from '../evm/fetchBlock.ts'
import { readState } from '../evm/readState.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import { RpcError } from '../evm/rpc/rpcError.ts'
import { createTraceReader, type TraceReader } from '../evm/traces/traceReader.ts'
import type { Block } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import { readKey } from '../model/read.ts'
import { createDispatchIndex, type DispatchIndex } from './dispatchIndex.ts'
import { type Growth, judgeBlock, type StateReader } from './judgeBlock.ts'
import { createMonitorMemory } from './monitorMemory.ts'
import { readAhead } from './readAhead.ts'
import type { Sighted } from './toFinding.ts'

/** What the monitors say about one block of the past. `faults`: what in it nobody could see, as it could not be read. */
export type Replayed = {
  block: Block
  sighted: Sighted[]
  /** Keys of alerts that their detector says are over, and what has become larger of what one is about. */
  cleared: string[]
  grown: Growth[]
  blind: { monitor: string; reason: string }[]
  faults: string[]
}

/**
 * Shows the monitors a stretch of the past, from block `from` to block `to`, both included. The same road as the watch,
 * with a memory of its own; nothing is stored, nobody is told. Where receipts or state cannot be read it goes on, and
 * says who was blind: it has no later to wait for.
 * @throws {KnownError} The chain has no such block, or was reorganised while it was read.
 * @throws {RpcError} A block itself cannot be read.
 */
export async function* replay(
  { client, monitors, ahead }: { client: ChainClient; monitors: readonly Monitor[]; ahead: number },
  { from, to }: { from: number; to: number },
): AsyncGenerator<Replayed> {
  const index = createDispatchIndex(monitors)
  const readTraces = createTraceReader(client, index.wantsTraces, { rests: false })
  const memory = createMonitorMemory([])
  const readers = { index, memory, readState: stateReader(client) }
  const told = new Set<string>()
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
    const sighted = judgement.sighted.filter(({ finding }) => !told.has(finding.id))
    for (const { finding } of sighted) if (finding.transactionHash === null) told.add(finding.id)
    const { cleared, grown } = judgement
    yield { block, sighted, cleared, grown, blind, faults }
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

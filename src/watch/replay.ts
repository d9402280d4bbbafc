import { fetchBlock } from '../evm/fetchBlock.ts'
import { readState } from '../evm/readState.ts'
import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Block } from '../model/chain.ts'
import { KnownError } from '../model/error.ts'
import type { Monitor } from '../model/monitor.ts'
import { createDispatchIndex } from './dispatchIndex.ts'
import { judgeBlock } from './judgeBlock.ts'
import { createMonitorMemory } from './monitorMemory.ts'
import { readAhead } from './readAhead.ts'
import type { Sighted } from './toFinding.ts'

/** What the monitors say about one block of the past. `faults`: what in it could not be read. */
export type Replayed = {
  block: Block
  sighted: Sighted[]
  blind: { monitor: string; reason: string }[]
  faults: string[]
}

/**
 * Shows the monitors a stretch of the past, from block `from` to block `to`, both included. The same road as the watch,
 * with a memory of its own; nothing is stored, nobody is told.
 * @throws {KnownError} The chain has no such block, or was reorganised while it was read.
 */
export async function* replay(
  { client, monitors, ahead }: { client: ChainClient; monitors: readonly Monitor[]; ahead: number },
  { from, to }: { from: number; to: number },
): AsyncGenerator<Replayed> {
  const index = createDispatchIndex(monitors)
  const memory = createMonitorMemory([])
  const readers = { index, memory, readState: readState.bind(null, client) }
  let parent: Block | undefined
  let number = from
  for await (const fetched of readAhead({ from, to, ahead }, (next) => fetchBlock(client, next, index.wantsReceipts))) {
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
    yield { block, sighted: judgement.sighted, blind, faults }
    parent = block
    number++
  }
}

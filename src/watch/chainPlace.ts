import type { ChainClient } from '../evm/rpc/chainClient.ts'
import type { Monitor } from '../model/monitor.ts'
import { listBlindness, wholeChain } from '../store/blindness.ts'
import { type Cursor, findCursor } from '../store/cursors.ts'
import type { Database } from '../store/database.ts'
import { findNewestSighting } from '../store/findings.ts'
import { listMemory } from '../store/memory.ts'
import { type BlindWatch, createBlindWatch } from './blindWatch.ts'
import { createFinality, type Finality } from './finality.ts'
import { createMonitorMemory, type MonitorMemory } from './monitorMemory.ts'

/** Where the watch over a chain stands, as of the last commit. Read anew whenever that is in doubt. */
export type ChainPlace = {
  cursor: Cursor | undefined
  memory: MonitorMemory
  blind: BlindWatch
  finality: Finality
  /** The newest block in which something was seen: the head may have been looked at before. */
  sightedTo: number
}

export async function takeChainPlace(
  chain: { id: number; name: string; blindAfterMs: number; finalityDepth: number },
  { db, client, monitors }: { db: Database; client: ChainClient; monitors: readonly Monitor[] },
): Promise<ChainPlace> {
  const blindness = await listBlindness(db)
  return {
    cursor: await findCursor(db, chain.id, 'head'),
    memory: createMonitorMemory(await listMemory(db, chain.id)),
    blind: createBlindWatch(chain, {
      afterMs: chain.blindAfterMs,
      known: blindness.filter(({ chainId, monitor }) => chainId === chain.id && monitor !== wholeChain),
      monitors,
    }),
    finality: createFinality(client, { depth: chain.finalityDepth }),
    sightedTo: await findNewestSighting(db, chain.id),
  }
}

import type { Config } from '../config/config.ts'
import { createSleeper } from '../lib/createSleeper.ts'
import type { ChainStatus } from '../model/status.ts'
import type { Database } from '../store/database.ts'
import type { RaiseVerb } from '../watch/commitBlock.ts'
import { createChainWatch } from '../watch/watchChain.ts'
import type { WatchNote } from '../watch/watchedChain.ts'
import { openClient } from './openClient.ts'

/** The watch over all chains of the config. */
export type ChainsWatch = {
  status(): ChainStatus[]
  /** Ends when the signal aborts and the blocks under way are committed. */
  done: Promise<void>
}

/** Blocks that are read at once when catching up. */
const ahead = 8

export function watchChains(
  config: Config,
  deps: { db: Database; raise: RaiseVerb; signal: AbortSignal; onNote(chain: string): (note: WatchNote) => void },
): ChainsWatch {
  const watched = config.chains.map((chain) => {
    const client = openClient(chain)
    const watch = createChainWatch(
      { ...chain, ahead },
      {
        db: deps.db,
        client,
        monitors: config.monitors.filter(({ chainId }) => chainId === chain.id),
        raise: deps.raise,
        sleeper: createSleeper(),
        clock: () => new Date(),
        onNote: deps.onNote(chain.name),
      },
    )
    const status = (): ChainStatus => {
      const { head, finalized, cursor, headLane, blind } = watch.status()
      return {
        name: chain.name,
        id: chain.id,
        head,
        finalized,
        cursor: cursor?.blockNumber ?? null,
        cursorTimestamp: cursor?.timestamp ?? null,
        lag: head !== null && cursor ? Math.max(0, head - cursor.blockNumber) : null,
        headLane,
        blind: blind && { since: blind.since.toISOString(), reason: blind.reason },
        providers: client.providers(),
        verified: client.verifier.status(),
        explorer: chain.explorer,
      }
    }
    return { status, done: watch.run(deps.signal).finally(() => client.close()) }
  })
  return {
    status: () => watched.map(({ status }) => status()),
    done: Promise.all(watched.map(({ done }) => done)).then(() => undefined),
  }
}

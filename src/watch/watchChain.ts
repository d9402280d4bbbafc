import { RpcError } from '../evm/rpc/rpcError.ts'
import type { Cursor } from '../store/cursors.ts'
import { explainQueryError } from '../store/explainQueryError.ts'
import { type ChainPlace, takeChainPlace } from './chainPlace.ts'
import { createChainTrouble } from './chainTrouble.ts'
import { createFollower } from './createFollower.ts'
import { createHeadLane } from './headLane.ts'
import { createPendingLane } from './pendingLane.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/** The loop over one chain, and where it stands. */
export type ChainWatch = {
  /** Watches until the signal aborts; the block under way is committed first. Never rejects. */
  run(signal: AbortSignal): Promise<void>
  status(): {
    head: number | null
    finalized: number | null
    cursor: Cursor | null
    /** Newest block that the monitors without memory have judged while older ones are still being read; null: none are. */
    headLane: number | null
    blind: { since: Date; reason: string } | null
  }
}

/** How soon to try again after trouble, unless the chain is polled more often anyway. */
const retryMs = 500
export function createChainWatch(chain: WatchedChain, deps: WatchDeps): ChainWatch {
  const trouble = createChainTrouble(chain, deps)
  const lane = createHeadLane(chain, deps)
  const pending = createPendingLane(chain, deps)
  const follower = createFollower(chain, deps, { trouble, lane })
  let place: ChainPlace | undefined

  async function watchBlocks(signal: AbortSignal): Promise<void> {
    deps.client.onHead((number) => {
      follower.toldOf(number)
      deps.sleeper.wake()
    })
    while (!signal.aborted) {
      try {
        place ??= await takeChainPlace(chain, deps)
        await follower.follow(place, signal)
        await trouble.over()
        await deps.sleeper.sleep(chain.pollMs, signal)
      } catch (cause) {
        const error = explainQueryError(cause)
        deps.onNote({ kind: 'trouble', error })
        await trouble.note(error)
        // Whether a failed commit took place the database alone knows.
        if (!(error instanceof RpcError)) place = undefined
        await deps.sleeper.sleep(Math.min(retryMs, chain.pollMs), signal)
      }
    }
  }

  const gap = () => {
    const [cursor, head] = [place?.cursor?.blockNumber, follower.head()]
    return cursor === undefined || head === null ? null : { cursor, head }
  }

  return {
    async run(signal) {
      await Promise.all([watchBlocks(signal), lane.run(signal, gap), pending.run(signal)])
    },
    status: () => ({
      head: follower.head(),
      finalized: place?.finality.number() ?? null,
      cursor: place?.cursor ?? null,
      headLane: lane.position(),
      blind: trouble.since(),
    }),
  }
}

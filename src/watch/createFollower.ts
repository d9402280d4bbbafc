import { type FetchedBlock, fetchBlock, fetchHeader } from '../evm/fetchBlock.ts'
import { readState } from '../evm/readState.ts'
import { createTraceReader } from '../evm/traces/traceReader.ts'
import type { BlockHeader } from '../model/chain.ts'
import { findBlock } from '../store/blocks.ts'
import type { Cursor } from '../store/cursors.ts'
import type { Database } from '../store/database.ts'
import { type Agreement, createAgreement } from './agreement.ts'
import { type BridgeMonitor, isBridgeMonitor } from './bridges/bridgeMonitor.ts'
import { createChainPatience } from './chainPatience.ts'
import { type ChainPlace, takeChainPlace } from './chainPlace.ts'
import type { ChainTrouble } from './chainTrouble.ts'
import { commitBlock } from './commitBlock.ts'
import { createDispatchIndex, type DispatchIndex } from './dispatchIndex.ts'
import type { HeadLane } from './headLane.ts'
import { judgeBlock } from './judgeBlock.ts'
import { createNewestBlock } from './newestBlock.ts'
import { createProviderWatch, type ProviderWatch } from './providerWatch.ts'
import { readAhead } from './readAhead.ts'
import { rewind } from './rewind.ts'
import { createTeacher } from './teachNewcomers.ts'
import { unreadableFindings } from './unreadableFindings.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/** Reads a chain from the cursor on, block by block. */
export type Follower = {
  /**
   * Judges and commits all that is new, or goes back to where a reorg began.
   * @throws {RpcError | KnownError} What is next cannot be read or committed now; nothing was skipped.
   */
  follow(here: ChainPlace, signal: AbortSignal): Promise<void>
  /** A provider has said that there is a new head; null: it did not say which. */
  toldOf(number: number | null): void
  /** The newest block known; null before the first answer. */
  head(): number | null
}

/** A reorg is over sooner. */
const disputeAfterMsMax = 30_000

export function createFollower(
  chain: WatchedChain,
  deps: WatchDeps,
  { trouble, lane }: { trouble: ChainTrouble; lane: HeadLane },
): Follower {
  const index = createDispatchIndex(deps.monitors)
  const readTraces = createTraceReader(deps.client, index.wantsTraces, { rests: true })
  const bridges = deps.monitors.filter(isBridgeMonitor)
  const patience = createChainPatience(chain)
  const agreement = createAgreement(deps.client, chain)
  const disputeAfterMs = Math.min(chain.blindAfterMs, disputeAfterMsMax)
  const providers = createProviderWatch({ ...chain, disputeAfterMs }, deps.client, agreement)
  const teach = createTeacher(chain, deps)
  const newest = createNewestBlock(chain, deps.client, patience)

  async function follow(here: ChainPlace, signal: AbortSignal): Promise<void> {
    const { cursor } = here
    const hint = newest.takeHint(cursor)
    const latest = hint === null ? await newest.read(cursor) : null
    const to = latest?.number ?? hint!
    if (cursor) void agreement.refresh(cursor)
    await here.finality.refresh(to, cursor?.blockNumber ?? 0)
    if (cursor && latest && to <= cursor.blockNumber && (await isForeign(deps.db, chain.id, latest))) {
      return goBack(here, cursor)
    }
    const from = cursor ? cursor.blockNumber + 1 : chain.startAt === 'latest' ? to : chain.startAt
    if (from > to) return mustMove(here)
    await teach(here, from, signal)
    if (signal.aborted) return
    const blocks = readAhead({ from, to, ahead: chain.ahead }, (number) =>
      fetchBlock(deps.client, number, index.wantsReceipts, readTraces),
    )
    for await (const fetched of blocks) {
      if (!fetched) return mustMove(here) // A provider behind a load balancer may not have it yet.
      const { number } = fetched.block
      newest.seen(fetched.block)
      patience.awaitWhole(fetched)
      if (here.cursor && fetched.block.parentHash !== here.cursor.blockHash) return goBack(here, here.cursor)
      await judgeAndCommit(chain, deps, { index, bridges, agreement, providers, lane }, here, fetched)
      void agreement.refresh(here.cursor!)
      await here.finality.refresh(to, number)
      patience.moved()
      await trouble.over()
      if (signal.aborted) return
    }
  }

  function mustMove({ cursor }: ChainPlace): void {
    const error = patience.standstill(cursor?.blockNumber)
    if (error) throw error
  }

  async function goBack(here: ChainPlace, cursor: Cursor): Promise<void> {
    const fork = await rewind(deps.db, { cursor, headerAt: (number) => fetchHeader(deps.client, number) })
    // Our block still stands, and what was said of its neighbours came from a provider that is not of one mind.
    if (fork.blockHash === cursor.blockHash) return mustMove(here)
    deps.onNote({ kind: 'reorg', from: cursor.blockNumber, to: fork.blockNumber })
    agreement.rewound(fork.blockNumber)
    const fresh = await takeChainPlace(chain, deps)
    Object.assign(here, { cursor: fresh.cursor, memory: fresh.memory, blind: fresh.blind })
    patience.moved()
    deps.sleeper.wake()
  }

  return { follow, toldOf: newest.toldOf, head: newest.number }
}

type Parts = {
  index: DispatchIndex
  bridges: readonly BridgeMonitor[]
  agreement: Agreement
  providers: ProviderWatch
  lane: HeadLane
}

/** Moves the place one block on. Nothing of it changes unless all of it was committed. */
async function judgeAndCommit(
  chain: WatchedChain,
  deps: WatchDeps,
  parts: Parts,
  here: ChainPlace,
  { block, faults }: FetchedBlock,
): Promise<void> {
  const start = performance.now()
  const { index, bridges, agreement, providers, lane } = parts
  const readers = { index, memory: here.memory, readState: readState.bind(null, deps.client) }
  const judgement = await judgeBlock(readers, block)
  const now = deps.clock()
  const change = here.blind.consider(judgement, { now, block: block.number })
  const ofProviders = providers.consider(block.number)
  here.cursor = await commitBlock(deps.db, {
    chainId: chain.id,
    cursor: here.cursor,
    block,
    judgement,
    sighted: [...change.sighted, ...ofProviders.sighted, ...unreadableFindings(chain, block, faults)],
    cleared: [...change.cleared, ...ofProviders.cleared],
    bridges,
    seeingAgain: change.seeingAgain,
    finalized: here.finality.number(),
    agreed: agreement.number(),
    mayHaveRivals: block.number <= Math.max(here.sightedTo, lane.reached()),
    raise: deps.raise,
    now,
  })
  here.memory.apply(judgement.memory)
  here.blind.settle(judgement, { now, block: block.number })
  providers.settle()
  const ms = performance.now() - start
  deps.onNote({ kind: 'committed', block, findings: judgement.sighted.length, blind: here.blind.count(), ms })
}

/** Whether a block is not the one that we judged at its height. */
async function isForeign(db: Database, chainId: number, { number, hash }: BlockHeader): Promise<boolean> {
  const judged = await findBlock(db, chainId, number)
  return judged !== undefined && judged.hash !== hash
}

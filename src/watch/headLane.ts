import { fetchBlock, fetchHeader } from '../evm/fetchBlock.ts'
import { readState } from '../evm/readState.ts'
import { createTraceReader } from '../evm/traces/traceReader.ts'
import { createSleeper } from '../lib/createSleeper.ts'
import type { Block, BlockHeader } from '../model/chain.ts'
import { lockCursor } from '../store/cursors.ts'
import { explainQueryError } from '../store/explainQueryError.ts'
import { orphanSightings } from '../store/findings.ts'
import { createDispatchIndex } from './dispatchIndex.ts'
import { type Judgement, judgeBlock } from './judgeBlock.ts'
import { createMonitorMemory } from './monitorMemory.ts'
import type { WatchDeps, WatchedChain } from './watchedChain.ts'

/** Looks at the newest blocks while older ones are still being read, so that nobody waits for them to learn of an attack. */
export type HeadLane = {
  /**
   * Judges what is new at the head by the monitors that need no memory, whenever the cursor is far behind it, until the
   * signal aborts. The cursor, which comes after, judges it again by all of them: what was found here is the same finding
   * then. Never rejects: what fails here the cursor meets in its turn.
   */
  run(signal: AbortSignal, place: () => Place | null): Promise<void>
  /** The newest block that was judged so; null: the lane rests. */
  position(): number | null
  /** The newest block that was ever judged so; 0: none. */
  reached(): number
}

/** Where the cursor stands, and the newest block that it knows of. */
type Place = { cursor: number; head: number }

/** How far the cursor must be behind the head. It reads fewer blocks in a second or so. */
const gapMin = 32
/** More new blocks than this are left to the cursor: only the newest counts here. */
const stepMax = 32
const keptMax = 256

type Deps = Pick<WatchDeps, 'db' | 'client' | 'monitors' | 'raise' | 'clock' | 'onNote'>

export function createHeadLane(chain: Pick<WatchedChain, 'id' | 'pollMs'>, deps: Deps): HeadLane {
  const { client } = deps
  const index = createDispatchIndex(deps.monitors.filter(({ watch }) => watch.stateless))
  const readTraces = createTraceReader(client, index.wantsTraces, { rests: true })
  const readers = { index, memory: createMonitorMemory([]), readState: readState.bind(null, client) }
  /** What was judged here, oldest first. */
  let judged: BlockHeader[] = []

  let next: number | null = null
  let reached = 0

  async function look(): Promise<void> {
    const head = await fetchHeader(client, 'latest')
    if (!head) return
    if (next === null || head.number - next > stepMax) next = head.number
    for (let number = next; number <= head.number; number++) {
      const fetched = await fetchBlock(client, number, index.wantsReceipts, readTraces)
      if (!fetched) return
      const { transactions: _, receipts: __, traces: ___, ...header } = fetched.block
      const parent = judged.at(-1)
      if (parent?.number === number - 1 && parent.hash !== header.parentHash) {
        judged = await rewind(chain.id, deps, judged)
        next = (judged.at(-1)?.number ?? parent.number - 1) + 1
        return
      }
      reached = Math.max(reached, number)
      await commit(chain.id, deps, fetched.block, await judgeBlock(readers, fetched.block))
      judged = [...judged, header].slice(-keptMax)
      next = number + 1
    }
  }

  return {
    async run(signal, place) {
      const sleeper = createSleeper()
      client.onHead(() => sleeper.wake())
      while (!signal.aborted) {
        await sleeper.sleep(chain.pollMs, signal)
        const here = place()
        if (!here || here.head - here.cursor < gapMin || signal.aborted) {
          judged = []
          next = null
          continue
        }
        try {
          await look()
        } catch (error) {
          deps.onNote({ kind: 'trouble', error: explainQueryError(error) })
        }
      }
    },
    position: () => judged.at(-1)?.number ?? null,
    reached: () => reached,
  }
}

/** Raises what was found, unless the cursor has come by meanwhile; it waits until that is done. */
function commit(chainId: number, { db, raise, clock }: Deps, block: Block, { sighted }: Judgement): Promise<void> {
  const now = clock()
  const at = new Date(Math.min(block.timestamp * 1000, now.getTime()))
  return db.transaction(async (tx) => {
    const cursor = await lockCursor(tx, chainId, 'head')
    if (cursor && cursor.blockNumber < block.number) await raise(tx, { sighted, cleared: [], at, now })
  })
}

/** Takes back what was found in blocks that are not on the chain any more. Returns those that still are. */
async function rewind(chainId: number, { db, client }: Deps, judged: readonly BlockHeader[]): Promise<BlockHeader[]> {
  const standing = [...judged]
  for (let last = standing.at(-1); last; last = standing.at(-1)) {
    if ((await fetchHeader(client, last.number))?.hash === last.hash) break
    standing.pop()
  }
  const lost = judged[standing.length]
  if (!lost) return standing
  await db.transaction(async (tx) => {
    const cursor = await lockCursor(tx, chainId, 'head')
    await orphanSightings(tx, chainId, Math.max(lost.number - 1, cursor?.blockNumber ?? 0))
  })
  return standing
}

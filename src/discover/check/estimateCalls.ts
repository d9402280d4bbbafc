import { placesOf } from '../../evm/implementationReads.ts'
import { readMethods } from '../../evm/readState.ts'
import type { Block, BlockHeader } from '../../model/chain.ts'
import type { Watch } from '../../model/detector.ts'
import { type Read, readKey } from '../../model/read.ts'
import type { Calls } from '../../model/status.ts'

/** How a chain is watched, as far as that decides what it costs. */
export type Watching = {
  blocksPerDay: number
  pollMs: number
  /** A WebSocket tells of new heads, so that nobody is asked for them beyond the poll. */
  isTold: boolean
  newest: BlockHeader
  watches: readonly Watch[]
  /** What the receipts of one block take; left out: one call for all of them. */
  receiptCalls?: Calls
  /** What else every block asks for, by method: traces, or further providers for a quorum. */
  alsoPerBlock?: Calls
}

const dayMs = 86_400_000
/** How often the loop asks for the newest final block, at most. */
const finalityEveryMs = 12_000

/**
 * Calls a day by method while nothing happens: what events make monitors read comes on top, and so does what is asked
 * again after an error.
 * @param receiptShare Of the blocks, those whose receipts are read; 1 gives the most that it can be.
 */
export function estimateCalls(watching: Watching, receiptShare: number): Calls {
  const { blocksPerDay, pollMs, isTold, newest, watches, alsoPerBlock = {} } = watching
  const receiptCalls = Object.entries(watching.receiptCalls ?? { eth_getBlockReceipts: 1 })
  const looks = dayMs / pollMs
  const perBlock: Calls[] = [
    { eth_getBlockByNumber: 1 },
    watches.some(wantsReceipts)
      ? Object.fromEntries(receiptCalls.map(([method, times]) => [method, times * receiptShare]))
      : {},
    readsPerBlock(newest, watches),
    alsoPerBlock,
    { eth_subscription: isTold ? 1 : 0 },
  ]
  const calls = new Map([['eth_getBlockByNumber', looks + Math.min(looks, dayMs / finalityEveryMs)]])
  for (const [method, times] of perBlock.flatMap(Object.entries<number>))
    calls.set(method, (calls.get(method) ?? 0) + times * blocksPerDay)
  const whole = [...calls].map(([method, number]) => [method, Math.round(number)] as const)
  return Object.fromEntries(whole.filter(([, number]) => number > 0))
}

const wantsReceipts = ({ interests }: Watch) =>
  interests.some(({ kind }) => kind === 'log' || kind === 'call' || kind === 'transaction')

/** State that monitors read in a quiet block, by method; what several ask is read once. */
function readsPerBlock(newest: BlockHeader, watches: readonly Watch[]): Calls {
  const block: Block = { ...newest, transactions: [], receipts: [] }
  const shares = new Map<string, { kind: keyof typeof readMethods; share: number }>()
  const add = (reads: readonly Read[], everyBlocks: number) => {
    for (const read of reads.flatMap((each) => (each.kind === 'implementation' ? placesOf(each) : [each]))) {
      const key = readKey(read)
      shares.set(key, { kind: read.kind, share: Math.max(shares.get(key)?.share ?? 0, 1 / everyBlocks) })
    }
  }
  for (const { interests, reads } of watches) {
    for (const interest of interests) if (interest.kind === 'state') add(interest.reads, interest.everyBlocks)
    const ticks = interests.flatMap((interest) => (interest.kind === 'tick' ? [interest.everyBlocks] : []))
    if (!reads || ticks.length === 0) continue
    const quiet = { kind: 'block' as const, block, logs: [], outcomes: [], ticked: true }
    try {
      add(reads(quiet, { get: () => undefined }), Math.min(...ticks))
    } catch {
      // A detector that fails is told of when it is at work; here it only makes the estimate too low.
    }
  }
  const perBlock: Record<string, number> = {}
  for (const { kind, share } of shares.values()) {
    const method = readMethods[kind]
    perBlock[method] = (perBlock[method] ?? 0) + share
  }
  return perBlock
}

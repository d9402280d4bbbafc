import { bloomBits, type MayLog } from '../evm/bloom.ts'
import type { Block, Call, Hex, Transaction } from '../model/chain.ts'
import type { Interest, TraceScope } from '../model/detector.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Outcome } from '../model/observation.ts'

/** What of the traces of one block one monitor asked for. `untraced`: why it sees not all of it. */
export type TraceHits = { outcomes: Outcome[]; untraced: string | null }

/** Which transactions must be traced, and who is handed them. Costs nothing where no monitor asks for traces. */
export type TraceIndex = {
  /** True: whether a transaction of this block must be traced is seen by its receipts only. */
  wantsReceipts(block: Block, mayLog: MayLog): boolean
  /** In the order of the block. */
  wanted(block: Block): Transaction[]
  match(block: Block): Map<Monitor, TraceHits>
}

type Monitors = ReadonlySet<Monitor>
/** Monitors by an address, and by the address as a topic. */
type Places = Map<Hex, Set<Monitor>>
type Tables = {
  /** Who asks for the traces of every transaction. */
  all: Set<Monitor>
  /** Who asks for those of the transactions that touch an address. */
  touching: Places
  /** Who is handed every transaction that touches an address. */
  near: Places
  /** Who is handed a transaction in which an address is called: by the address and by the selector, or none for any. */
  called: Map<Hex, Map<string, Set<Monitor>>>
}

const any = ''

export function createTraceIndex(monitors: readonly Monitor[]): TraceIndex {
  const tables: Tables = { all: new Set(), touching: new Map(), near: new Map(), called: new Map() }
  for (const monitor of monitors) for (const interest of monitor.watch.interests) enter(tables, monitor, interest)
  const { all, touching } = tables
  const blooms = [...touching.keys()].map(bloomBits)
  const isWanted = (block: Block, transaction: Transaction) =>
    all.size > 0 || placesOf(block, transaction).some((place) => touching.has(place))

  return {
    wantsReceipts(block, mayLog) {
      if (block.transactions.length === 0) return false
      if (all.size > 0) return true
      if (touching.size === 0) return false
      // What a transaction creates its receipt tells.
      const mayTouch = ({ from, to }: Transaction) => to === null || touching.has(to) || touching.has(from)
      return block.transactions.some(mayTouch) || blooms.some(mayLog)
    },
    wanted: (block) =>
      all.size + touching.size === 0 ? [] : block.transactions.filter((transaction) => isWanted(block, transaction)),
    match(block) {
      const found = new Map<Monitor, TraceHits>()
      for (const transaction of block.transactions) {
        const trace = block.traces?.get(transaction.hash)
        if (!trace) continue
        const asking = new Set(monitorsAt(touching, placesOf(block, transaction)))
        if (trace.ok) handOver(tables, asking, { block, transaction, calls: trace.calls }, found)
        else for (const monitor of [...all, ...asking]) hitsOf(found, monitor).untraced ??= trace.reason
      }
      return found
    },
  }
}

const topicOf = (address: Hex): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`

function enter(tables: Tables, monitor: Monitor, interest: Interest): void {
  if (interest.kind === 'call' && interest.internal) {
    ask(tables, monitor, interest.internal, interest.addresses)
    for (const address of interest.addresses) {
      const row = tables.called.get(address) ?? new Map<string, Set<Monitor>>()
      for (const selector of interest.selectors ?? [any]) add(row, selector, monitor)
      tables.called.set(address, row)
    }
  }
  if (interest.kind === 'transaction' && interest.traces) {
    ask(tables, monitor, interest.traces, interest.touching)
    for (const address of interest.touching) addPlace(tables.near, address, monitor)
  }
}

function ask({ all, touching }: Tables, monitor: Monitor, scope: TraceScope, addresses: readonly Hex[]): void {
  if (scope === 'all') all.add(monitor)
  else for (const address of addresses) addPlace(touching, address, monitor)
}

function addPlace(places: Places, address: Hex, monitor: Monitor): void {
  add(places, address, monitor)
  add(places, topicOf(address), monitor)
}

function add<Key>(sets: Map<Key, Set<Monitor>>, key: Key, monitor: Monitor): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(monitor))
}

/** All that a transaction touches without a look inside: see `TraceScope`. */
function placesOf({ receipts }: Block, { from, to, index }: Transaction): Hex[] {
  const receipt = receipts?.[index]
  const ends = [from, to, receipt?.contractAddress].filter((end) => end != null)
  return [...ends, ...(receipt?.logs ?? []).flatMap(({ address, topics }) => [address, ...topics])]
}

function* monitorsAt(places: Places, touched: readonly Hex[]): Iterable<Monitor> {
  for (const place of touched) yield* places.get(place) ?? []
}

type Traced = { block: Block; transaction: Transaction; calls: readonly Call[] }

/** A monitor is handed a transaction only if it asked for its trace itself, whoever else did. */
function handOver(
  { all, near, called }: Tables,
  asking: Monitors,
  { block, transaction, calls }: Traced,
  found: Map<Monitor, TraceHits>,
): void {
  const receipt = block.receipts?.[transaction.index] ?? null
  const outcome: Outcome = { transaction, receipt, calls }
  const hand = (monitors: Iterable<Monitor> | undefined) => {
    for (const monitor of monitors ?? []) {
      if (!all.has(monitor) && !asking.has(monitor)) continue
      const { outcomes } = hitsOf(found, monitor)
      if (outcomes.at(-1) !== outcome) outcomes.push(outcome)
    }
  }
  hand(monitorsAt(near, placesOf(block, transaction)))
  for (const { kind, from, to, input } of calls) {
    hand(near.get(from))
    if (to === null) continue
    hand(near.get(to))
    // Code that is borrowed runs as whoever borrows it: the address itself is not called.
    const row = kind === 'call' || kind === 'staticcall' ? called.get(to) : undefined
    hand(row?.get(any))
    hand(row?.get(input.slice(0, 10)))
  }
}

function hitsOf(found: Map<Monitor, TraceHits>, monitor: Monitor): TraceHits {
  const known = found.get(monitor)
  if (known) return known
  const fresh: TraceHits = { outcomes: [], untraced: null }
  found.set(monitor, fresh)
  return fresh
}

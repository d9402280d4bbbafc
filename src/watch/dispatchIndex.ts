import { type BloomBits, bloomBits, mayContain } from '../evm/bloom.ts'
import type { Address, Block, Hex, Log, Transaction } from '../model/chain.ts'
import type { Interest } from '../model/detector.ts'
import type { Monitor } from '../model/monitor.ts'
import type { Outcome } from '../model/observation.ts'
import type { Read } from '../model/read.ts'
import type { Sign } from '../model/sign.ts'
import { type AccountIndex, createAccountIndex } from './accountIndex.ts'
import { type CreationIndex, createCreationIndex } from './creationIndex.ts'
import { createTraceIndex, type TraceHits } from './traceIndex.ts'

/** What of one block one monitor asked for. `untraced`: why it sees not all the calls that it asked for. */
export type Hits = { logs: Log[]; outcomes: Outcome[]; reads: Read[]; ticked: boolean; untraced?: string }

/** Finds the monitors that a block interests, at a cost that grows with the block and not with the monitors. */
export type DispatchIndex = {
  /** False: no monitor can want the receipts of this block, as its bloom and its transactions show. */
  wantsReceipts(block: Block): boolean
  /** The transactions whose calls monitors want, as the receipts show. */
  wantsTraces(block: Block): Transaction[]
  /** Monitors that something in the block interests, each with what it asked for. */
  match(block: Block): Map<Monitor, Hits>
  /** Monitors that are interested in what others found, each with what is about its addresses. */
  matchSigns(signs: readonly Sign[]): Map<Monitor, Sign[]>
}

/** Monitors by a first and a second key; the empty string as second key stands for any. */
type Table = Map<string, Map<string, Set<Monitor>>>
/** `reads`: null for a tick. */
type Periodic = { monitor: Monitor; everyBlocks: number; reads: readonly Read[] | null }
type ByAddress = Map<Address, Set<Monitor>>
type Tables = { logs: Table; calls: Table; touching: ByAddress; signs: ByAddress; periodic: Periodic[] }

const any = ''

export function createDispatchIndex(monitors: readonly Monitor[]): DispatchIndex {
  const tables: Tables = { logs: new Map(), calls: new Map(), touching: new Map(), signs: new Map(), periodic: [] }
  for (const monitor of monitors) for (const interest of monitor.watch.interests) enter(tables, monitor, interest)
  const blooms = bloomsOf(tables.logs)
  const accounts = createAccountIndex(monitors)
  const traces = createTraceIndex(monitors)
  const creations = createCreationIndex(monitors)

  return {
    wantsReceipts(block) {
      if (block.transactions.some((transaction) => interested(tables, transaction))) return true
      if (block.transactions.length === 0) return false
      if (creations.wantsReceipts(block)) return true
      const bloom = Buffer.from(block.logsBloom.slice(2), 'hex')
      // Chains that keep no blooms give an empty one, which then proves nothing.
      const isBlind = bloom.every((byte) => byte === 0)
      const mayLog = (bits: BloomBits) => isBlind || mayContain(bloom, bits)
      const may = (bits: BloomBits | null) => bits === null || mayLog(bits)
      if (blooms.some(({ address, topics }) => may(address) && topics.some(may))) return true
      return accounts.mayMatch(mayLog) || traces.wantsReceipts(block, mayLog)
    },
    wantsTraces: traces.wanted,
    match(block) {
      const found = new Map<Monitor, Hits>()
      matchLogs(tables, accounts, block, found)
      matchTransactions(tables, creations, block, found)
      if (block.traces) addTraced(traces.match(block), found)
      for (const { monitor, everyBlocks, reads } of tables.periodic) {
        if (block.number % everyBlocks !== 0) continue
        const hits = hitsOf(found, monitor)
        hits.ticked ||= reads === null
        hits.reads.push(...(reads ?? []))
      }
      return found
    },
    matchSigns(signs) {
      const found = new Map<Monitor, Sign[]>()
      for (const sign of signs)
        for (const monitor of tables.signs.get(sign.finding.address) ?? []) {
          found.set(monitor, [...(found.get(monitor) ?? []), sign])
        }
      return found
    },
  }
}

function enter(tables: Tables, monitor: Monitor, interest: Interest): void {
  switch (interest.kind) {
    case 'log':
      if (interest.accounts) break
      for (const address of interest.addresses ?? [any])
        for (const topic of interest.topics ?? [any]) add(tables.logs, address, topic, monitor)
      break
    case 'call':
      for (const address of interest.addresses)
        for (const selector of interest.selectors ?? [any]) add(tables.calls, address, selector, monitor)
      break
    case 'transaction':
      for (const address of interest.touching) addTo(tables.touching, address, monitor)
      break
    case 'sign':
      for (const address of interest.about) addTo(tables.signs, address, monitor)
      break
    case 'state':
    case 'tick': {
      const { everyBlocks } = interest
      if (!Number.isInteger(everyBlocks) || everyBlocks < 1) {
        throw new RangeError(`Monitor ${monitor.name} wants to be asked every ${everyBlocks} blocks.`)
      }
      const reads = interest.kind === 'state' ? interest.reads : null
      tables.periodic.push({ monitor, everyBlocks, reads })
    }
  }
}

function addTo(table: ByAddress, address: Address, monitor: Monitor): void {
  table.set(address, (table.get(address) ?? new Set()).add(monitor))
}

function add(table: Table, first: string, second: string, monitor: Monitor): void {
  const row = table.get(first) ?? new Map<string, Set<Monitor>>()
  row.set(second, (row.get(second) ?? new Set()).add(monitor))
  table.set(first, row)
}

/** Null: anything will do. */
type LogBloom = { address: BloomBits | null; topics: (BloomBits | null)[] }

function bloomsOf(logs: Table): LogBloom[] {
  const bits = (value: string) => (value === any ? null : bloomBits(value as Hex))
  return [...logs].map(([address, topics]) => ({ address: bits(address), topics: [...topics.keys()].map(bits) }))
}

function hitsOf(found: Map<Monitor, Hits>, monitor: Monitor): Hits {
  const known = found.get(monitor)
  if (known) return known
  const fresh: Hits = { logs: [], outcomes: [], reads: [], ticked: false }
  found.set(monitor, fresh)
  return fresh
}

function matchLogs({ logs: table }: Tables, accounts: AccountIndex, block: Block, found: Map<Monitor, Hits>): void {
  const anywhere = table.get(any)
  for (const { logs } of block.receipts ?? [])
    for (const log of logs) {
      if (!accounts.isEmpty) for (const monitor of accounts.monitorsOf(log)) hand(log, monitor, found)
      const here = table.get(log.address)
      if (!here && !anywhere) continue
      const topic = log.topics[0]
      // A monitor may be entered both by address and by topic; it gets each log once.
      for (const row of [here, anywhere])
        for (const monitors of [topic && row?.get(topic), row?.get(any)])
          for (const monitor of monitors || []) hand(log, monitor, found)
    }
}

function hand(log: Log, monitor: Monitor, found: Map<Monitor, Hits>): void {
  const { logs } = hitsOf(found, monitor)
  if (logs.at(-1) !== log) logs.push(log)
}

/** What was traced takes the place of the same transaction without its calls. */
function addTraced(traced: Map<Monitor, TraceHits>, found: Map<Monitor, Hits>): void {
  for (const [monitor, { outcomes, untraced }] of traced) {
    const hits = hitsOf(found, monitor)
    const known = new Set(outcomes.map(({ transaction }) => transaction))
    const others = hits.outcomes.filter(({ transaction }) => !known.has(transaction))
    hits.outcomes = [...others, ...outcomes].toSorted((a, b) => a.transaction.index - b.transaction.index)
    if (untraced !== null) hits.untraced = untraced
  }
}

function matchTransactions(tables: Tables, creations: CreationIndex, block: Block, found: Map<Monitor, Hits>): void {
  if (tables.calls.size === 0 && tables.touching.size === 0 && creations.isEmpty) return
  for (const transaction of block.transactions) {
    const named = creations.monitorsOf(transaction)
    if (named.size === 0 && !interested(tables, transaction)) continue
    const outcome = { transaction, receipt: block.receipts?.[transaction.index] ?? null }
    for (const monitor of [...monitorsOf(tables, transaction), ...named]) {
      const { outcomes } = hitsOf(found, monitor)
      if (outcomes.at(-1) !== outcome) outcomes.push(outcome)
    }
  }
}

function interested({ calls, touching }: Tables, { from, to, input }: Transaction): boolean {
  if (touching.has(from) || (to !== null && touching.has(to))) return true
  const row = to === null ? undefined : calls.get(to)
  return row !== undefined && (row.has(any) || row.has(input.slice(0, 10)))
}

function* monitorsOf({ calls, touching }: Tables, { from, to, input }: Transaction): Iterable<Monitor> {
  yield* touching.get(from) ?? []
  if (to === null) return
  yield* touching.get(to) ?? []
  const row = calls.get(to)
  yield* row?.get(input.slice(0, 10)) ?? []
  yield* row?.get(any) ?? []
}

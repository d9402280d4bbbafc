import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  json,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { AlertStage, AlertState } from '../model/alert.ts'
import type { BridgeSide } from '../model/bridge.ts'
import type { Address, Hex } from '../model/chain.ts'
import type { Confidence, Evidence, Json } from '../model/finding.ts'
import type { Message, MessageKind } from '../model/message.ts'
import type { Matcher } from '../model/route.ts'
import type { Severity } from '../model/severity.ts'

/** A schema of our own, so that Tocsin can live in a database with others and knows what is not its own. */
export const tocsin = pgSchema('tocsin')

const chainId = bigint('chain_id', { mode: 'number' }).notNull()
const blockNumber = bigint('block_number', { mode: 'number' }).notNull()
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Type `json`, which unlike `jsonb` takes every string. Drizzle's own reads what the driver has read already once more,
 * so that the text "12" would come back as a number.
 */
const plainJson = customType<{ data: Json; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => value as Json,
})

/** How far each lane of each chain has been judged and committed. */
export const cursors = tocsin.table(
  'cursors',
  {
    chainId,
    lane: text('lane').$type<'head' | 'backfill'>().notNull(),
    blockNumber,
    blockHash: text('block_hash').$type<Hex>().notNull(),
    timestamp: bigint('timestamp', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.lane] })],
)

/** The judged blocks that may still be reorganised away, to find the fork point. */
export const blocks = tocsin.table(
  'blocks',
  {
    chainId,
    number: bigint('number', { mode: 'number' }).notNull(),
    hash: text('hash').$type<Hex>().notNull(),
    parentHash: text('parent_hash').$type<Hex>().notNull(),
    timestamp: bigint('timestamp', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.number] })],
)

export const findings = tocsin.table(
  'findings',
  {
    id: text('id').primaryKey(),
    alertId: text('alert_id').notNull(),
    monitor: text('monitor').notNull(),
    detector: text('detector').notNull(),
    chainId,
    severity: text('severity').$type<Severity>().notNull(),
    confidence: text('confidence').$type<Confidence>().notNull(),
    evidence: text('evidence').$type<Evidence>().notNull(),
    title: text('title').notNull(),
    address: text('address').$type<Address>().notNull(),
    transactionHash: text('transaction_hash').$type<Hex>(),
    /** As `json`, which unlike `jsonb` keeps the order in which the detector wrote them. */
    facts: json('facts').$type<Record<string, Json>>().notNull(),
    /** Chain time of the block in which it was first seen. */
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    index('findings_by_alert').on(table.alertId, table.createdAt),
    index('findings_by_time').on(table.createdAt),
  ],
)

export const sightings = tocsin.table(
  'sightings',
  {
    findingId: text('finding_id').notNull(),
    blockHash: text('block_hash').$type<Hex>().notNull(),
    chainId,
    blockNumber,
    timestamp: bigint('timestamp', { mode: 'number' }).notNull(),
    logIndex: integer('log_index'),
    canonical: boolean('canonical').notNull().default(true),
  },
  (table) => [
    primaryKey({ columns: [table.findingId, table.blockHash] }),
    index('sightings_by_block').on(table.chainId, table.blockNumber),
  ],
)

export const alerts = tocsin.table(
  'alerts',
  {
    id: text('id').primaryKey(),
    key: text('key').notNull(),
    monitor: text('monitor').notNull(),
    detector: text('detector').notNull(),
    chainId,
    address: text('address').$type<Address>().notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    title: text('title').notNull(),
    state: text('state').$type<AlertState>().notNull(),
    stage: text('stage').$type<AlertStage>().notNull(),
    findings: integer('findings').notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }),
    transactionHash: text('transaction_hash').$type<Hex>(),
    /** When its monitor resolves it for want of new findings; null: never by itself. */
    resolveAt: time('resolve_at'),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedAt: time('acknowledged_at'),
    resolvedAt: time('resolved_at'),
    resolvedBecause: text('resolved_because'),
    mutedBecause: text('muted_because'),
    /** Changes that people were told of; numbers the messages, so that a message keeps its id. */
    told: integer('told').notNull().default(0),
    /** Time of the last telling; null: nobody was told yet. */
    toldAt: time('told_at'),
    /** Findings that joined since the last telling. */
    untold: integer('untold').notNull().default(0),
    /** Chain time before which what is untold is not told. */
    tellAt: time('tell_at').notNull().default(sql`'epoch'`),
    /** A reorg took sightings up to this block away: once it is confirmed anew, the findings are counted again. */
    recountAt: bigint('recount_at', { mode: 'number' }),
  },
  (table) => [
    uniqueIndex('one_open_alert_per_key').on(table.key).where(sql`state <> 'resolved'`),
    index('open_alerts').on(table.chainId, table.state).where(sql`state <> 'resolved'`),
    index('alerts_in_motion').on(table.chainId, table.blockNumber).where(sql`stage in ('provisional', 'confirmed')`),
    index('alerts_to_tell').on(table.chainId, table.tellAt).where(sql`state <> 'resolved' and untold > 0`),
    index('alerts_to_resolve').on(table.chainId, table.resolveAt).where(sql`state <> 'resolved'`),
    index('alerts_to_recount').on(table.chainId, table.recountAt).where(sql`recount_at is not null`),
    index('alerts_by_time').on(table.lastSeenAt),
    index('resolved_alerts').on(table.resolvedAt).where(sql`state = 'resolved'`),
  ],
)

/** The outbox: messages to be delivered, one row per channel. */
export const messages = tocsin.table(
  'messages',
  {
    /** Idempotency key. */
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    alertId: text('alert_id'),
    kind: text('kind').$type<MessageKind>().notNull(),
    content: jsonb('content').$type<Message>().notNull(),
    /** `dead`: given up, visible until somebody retries or drops it. */
    state: text('state').$type<'waiting' | 'sent' | 'dead'>().notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    /** Counts the messages about an alert: none goes to a channel before those ahead of it have gone. */
    turn: integer('turn').notNull().default(0),
    /** Not to be tried before. A worker that takes the row moves it on, so that a crash only delays it. */
    dueAt: time('due_at').notNull(),
    lastError: text('last_error'),
    createdAt: time('created_at').notNull().defaultNow(),
    sentAt: time('sent_at'),
  },
  (table) => [
    index('messages_due').on(table.channel, table.dueAt).where(sql`state = 'waiting'`),
    index('messages_by_time').on(table.createdAt),
    index('messages_by_alert').on(table.alertId),
    index('dead_messages').on(table.createdAt).where(sql`state = 'dead'`),
  ],
)

/** What detectors remember, by monitor and key. */
export const memory = tocsin.table(
  'memory',
  {
    chainId,
    monitor: text('monitor').notNull(),
    key: text('key').notNull(),
    value: plainJson('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.monitor, table.key] })],
)

/** What a changed key held before a block that may still be reorganised away; null: it did not exist. */
export const memoryUndo = tocsin.table(
  'memory_undo',
  {
    chainId,
    blockNumber,
    monitor: text('monitor').notNull(),
    key: text('key').notNull(),
    value: plainJson('value'),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.blockNumber, table.monitor, table.key] })],
)

/** Who could not look, since when and why. A row exists as long as it lasts. */
export const blindness = tocsin.table(
  'blindness',
  {
    chainId,
    /** Name of the monitor; `*` for the whole chain. */
    monitor: text('monitor').notNull(),
    reason: text('reason').notNull(),
    since: time('since').notNull(),
    sinceBlock: bigint('since_block', { mode: 'number' }),
    lastAt: time('last_at').notNull(),
    blocks: integer('blocks').notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.monitor] })],
)

/** What both kinds of what a bridge tells have in common. */
const toldByBridge = {
  /** The bridge is named after its monitor. */
  monitor: text('monitor').notNull(),
  chainId,
  side: text('side').$type<BridgeSide>().notNull(),
  blockNumber,
  blockHash: text('block_hash').$type<Hex>().notNull(),
  timestamp: bigint('timestamp', { mode: 'number' }).notNull(),
  amount: text('amount').notNull(),
  /** Chain time to which the other chain must have been read for it to be judged; null: it was. */
  lookAt: bigint('look_at', { mode: 'number' }),
  /** What was found to be wrong with it when it was judged last; null: nothing. */
  findingId: text('finding_id'),
}

/** Halves of messages over bridges: what was locked on one chain, and what was released on another. */
export const bridgeLegs = tocsin.table(
  'bridge_legs',
  {
    ...toldByBridge,
    message: text('message').notNull(),
    transactionHash: text('transaction_hash').$type<Hex>().notNull(),
    logIndex: integer('log_index').notNull(),
    position: integer('position').notNull(),
    token: text('token'),
    recipient: text('recipient'),
  },
  (table) => [
    primaryKey({ columns: [table.monitor, table.chainId, table.side, table.transactionHash, table.position] }),
    index('bridge_legs_by_message').on(table.monitor, table.message, table.side),
    index('bridge_legs_by_block').on(table.chainId, table.blockNumber),
    index('bridge_legs_by_time').on(table.monitor, table.timestamp),
    index('bridge_legs_to_judge').on(table.monitor, table.side, table.lookAt).where(sql`look_at is not null`),
  ],
)

/** What lies on the sides of bridges without messages: a row for each block that changed it. */
export const bridgeTotals = tocsin.table('bridge_totals', toldByBridge, (table) => [
  primaryKey({ columns: [table.monitor, table.chainId, table.side, table.blockNumber] }),
  index('bridge_totals_by_time').on(table.monitor, table.side, table.timestamp, table.blockNumber),
  index('bridge_totals_to_judge').on(table.monitor, table.side, table.lookAt).where(sql`look_at is not null`),
])

/** How far the chains of a bridge have been read for it. */
export const bridgeReads = tocsin.table(
  'bridge_reads',
  {
    monitor: text('monitor').notNull(),
    chainId,
    /** Chain time from which on no block was left out. */
    since: bigint('since', { mode: 'number' }).notNull(),
    blockNumber,
    /** The newest block on which enough providers agree, and its time; null: none yet. */
    agreedNumber: bigint('agreed_number', { mode: 'number' }),
    agreedTo: bigint('agreed_to', { mode: 'number' }),
    /** Since when what this chain released waits too long for the other to be read; null: nothing does. */
    awaitedSince: time('awaited_since'),
  },
  (table) => [primaryKey({ columns: [table.monitor, table.chainId] })],
)

export const silences = tocsin.table('silences', {
  id: text('id').primaryKey(),
  match: jsonb('match').$type<Matcher>().notNull(),
  reason: text('reason').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull(),
  endsAt: time('ends_at').notNull(),
})

import { z } from 'zod'
import type { Alert } from '../model/alert.ts'
import type { Address, Hex } from '../model/chain.ts'
import type { ManualWords } from '../model/detector.ts'
import type { Json } from '../model/finding.ts'
import type { Silence } from '../model/route.ts'
import { severities } from '../model/severity.ts'
import type { AlertDetail, Delivery } from '../store/console/findAlert.ts'

/** The shapes of what the API answers. The console takes its types from here. */

const hex = z.string() as z.ZodType<Hex>
const address = z.string().describe('Lower case.') as z.ZodType<Address>
const json: z.ZodType<Json> = z.json()
const severity = z.enum(severities)

export const providerSchema = z.object({
  host: z.string(),
  state: z.enum(['untried', 'ok', 'failing', 'refused', 'distrusted']),
  head: z.number().nullable(),
  since: z.date().describe('Since when requests, calls and errors are counted.'),
  requests: z.number(),
  calls: z.record(z.string(), z.number()).describe('JSON-RPC calls by method, those of a batch one by one.'),
  day: z
    .object({
      calls: z.number(),
      credits: z
        .object({ provider: z.string(), unit: z.string(), amount: z.number(), unpriced: z.array(z.string()) })
        .nullable()
        .describe('By published prices, without the methods that have none; null: no prices are known.'),
    })
    .nullable()
    .describe('What a day is if it goes on like this; null: too early to tell.'),
  errors: z.number(),
  latencyMs: z.number().nullable(),
  lastError: z.string().nullable(),
  untruths: z.number(),
  lastUntruth: z.string().nullable(),
})

/** Whether somebody looks, judged by the server. Anything but `seen` means: no news is no good news. */
export const sightSchema = z.object({
  state: z.enum(['seen', 'behind', 'blind', 'off']),
  reason: z.string().nullable(),
  since: z.date().nullable(),
})

export const chainSchema = z.object({
  name: z.string(),
  id: z.number(),
  head: z.number().nullable(),
  finalized: z.number().nullable(),
  cursor: z.number().nullable(),
  cursorTimestamp: z.number().nullable().describe('Unix time of the last judged block in seconds.'),
  lag: z.number().nullable(),
  headLane: z
    .number()
    .nullable()
    .describe('Newest block that the monitors without memory have judged ahead of the others, where these are behind.'),
  sight: sightSchema,
  providers: z.array(providerSchema),
  verified: z
    .object({ header: z.boolean().nullable(), transactions: z.boolean().nullable(), receipts: z.boolean().nullable() })
    .describe('Whether block hashes, transactions and receipts are recomputed; false: not; null: not known yet.'),
  explorer: z.string().nullable().describe('An https address without a slash at its end.'),
})

export const monitorSchema = z.object({
  name: z.string(),
  detector: z.string(),
  title: z.string(),
  chainId: z.number(),
  on: z.array(z.object({ name: z.string(), address })),
  severity,
  mode: z.enum(['active', 'shadow', 'off']),
  rule: z.string().nullable(),
  sight: sightSchema,
})

export const alertSchema = z.object({
  id: z.string(),
  key: z.string(),
  monitor: z.string(),
  detector: z.string(),
  chainId: z.number(),
  address,
  severity,
  title: z.string(),
  state: z.enum(['firing', 'acknowledged', 'resolved']),
  stage: z.enum(['provisional', 'confirmed', 'final', 'retracted']),
  findings: z.number(),
  firstSeenAt: z.date(),
  lastSeenAt: z.date(),
  blockNumber: z.number().nullable(),
  transactionHash: hex.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: z.date().nullable(),
  resolvedBecause: z.string().nullable(),
  mutedBecause: z.string().nullable(),
}) satisfies z.ZodType<Alert>

export const deliverySchema = z.object({
  id: z.string(),
  alertId: z.string().nullable(),
  channel: z.string(),
  kind: z.enum(['firing', 'updated', 'acknowledged', 'resolved', 'retracted', 'test']),
  title: z.string(),
  state: z.enum(['waiting', 'sent', 'dead']),
  attempts: z.number(),
  lastError: z.string().nullable(),
  createdAt: z.date(),
  dueAt: z.date(),
  sentAt: z.date().nullable(),
}) satisfies z.ZodType<Delivery>

const findingSchema = z.object({
  id: z.string(),
  monitor: z.string(),
  detector: z.string(),
  chainId: z.number(),
  severity,
  confidence: z.enum(['low', 'medium', 'high']),
  evidence: z.enum(['soft', 'hard']),
  title: z.string(),
  address,
  transactionHash: hex.nullable(),
  facts: z.record(z.string(), json),
  createdAt: z.date(),
  sightings: z.array(
    z.object({
      blockNumber: z.number(),
      blockHash: hex,
      timestamp: z.number(),
      logIndex: z.number().nullable(),
      canonical: z.boolean(),
    }),
  ),
})

export const alertDetailSchema = z.object({
  alert: alertSchema.extend({ acknowledgedAt: z.date().nullable() }),
  findings: z.array(findingSchema),
  deliveries: z.array(deliverySchema),
  advice: z.string().nullable(),
}) satisfies z.ZodType<AlertDetail>

/** What a detector's manual says to whoever is woken by it. */
export const manualSchema = z.object({
  title: z.string(),
  scenario: z.string(),
  signal: z.string(),
  response: z.string(),
  knownLimits: z.array(z.string()).readonly(),
}) satisfies z.ZodType<Readonly<Record<keyof ManualWords, unknown>>>

const names = z.array(z.string().min(1).max(200)).min(1).max(100).readonly().exactOptional()

export const matcherSchema = z
  .strictObject({
    severities: z.array(severity).min(1).max(severities.length).readonly().exactOptional(),
    monitors: names,
    detectors: names,
    contracts: names,
    chains: names,
  })
  .describe('A field left out matches all.')

export const silenceSchema = z.object({
  id: z.string(),
  match: matcherSchema,
  reason: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  endsAt: z.date(),
}) satisfies z.ZodType<Silence>

export const countsSchema = z.object({
  firing: z.partialRecord(severity, z.number()),
  acknowledged: z.number(),
  muted: z.number(),
  waitingMessages: z.number(),
  deadMessages: z.number(),
})

export const attackSchema = z.object({ name: z.string(), title: z.string(), story: z.string() })

export const statusSchema = z.object({
  now: z.date(),
  version: z.string(),
  chains: z.array(chainSchema),
  monitors: z.array(monitorSchema),
  open: z.array(alertSchema).describe('Firing and acknowledged alerts, the gravest first; at most 100.'),
  counts: countsSchema,
  silences: z.array(silenceSchema),
  deadMessages: z.array(deliverySchema).describe('Messages that were given up; the newest 20.'),
  attacks: z.array(attackSchema).nullable().describe('What the demo can set off; null: this is no demo.'),
})

export const alertPageSchema = z.object({ alerts: z.array(alertSchema), next: z.string().nullable() })

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import type { Observation } from '../../../model/observation.ts'
import { type SimulatedCall, simulatedMax } from '../../../model/read.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import { groupOf } from './claimOrders.ts'
import type { GovernanceLog } from './governanceLogs.ts'
import type { Order } from './orders.ts'

/** What was proposed or scheduled and is not carried out yet, as it is remembered: without its calls, under one key. */
const openOrder = z.object({
  kind: z.enum(['proposal', 'operation']),
  at: hexShape,
  id: z.string(),
  /** Unix time and block in which it was first seen. */
  since: z.number(),
  block: z.number(),
  /** Of the vote, in blocks or unix seconds, and of the delay, in unix seconds. */
  voteEnd: decimalShape.nullable(),
  readyAt: decimalShape.nullable(),
  /** A stranger's words, cut; null: none belong to it. */
  description: z.string().nullable(),
  /** Names of the effects that people were told of. */
  told: z.array(z.string()),
})
export type OpenOrder = z.output<typeof openOrder>

const rememberedOrders = remembered(z.array(openOrder))
/** `calls`: to, data and value of each. */
const rememberedCalls = remembered(
  z.object({ from: hexShape, calls: z.array(z.tuple([hexShape, hexShape, decimalShape])) }),
)

const openKey = 'open orders'
const callsKey = (order: Pick<Order, 'kind' | 'at' | 'id'>) => `calls of ${groupOf(order)}`
/** At once: who proposes more pushes the oldest out. */
export const openMax = 12
/** Of the calldata of one order. */
const charactersMax = 16_384
const descriptionMax = 400
/** Who has not been carried out by then never will be. */
const secondsMax = 60 * 86_400

export const openIn = (memory: Memory) => rememberedOrders(memory, openKey) ?? []

export function callsIn(memory: Memory, order: OpenOrder): SimulatedCall[] {
  const rows = rememberedCalls(memory, callsKey(order))
  return rows?.calls.map(([to, data, value]) => ({ from: rows.from, to, data, value: BigInt(value) })) ?? []
}

/** The calls of an order, all made by its executor; null: too many, or too long to be kept. */
export function callsOf({ at, calls }: Order): SimulatedCall[] | null {
  const roots = calls.filter(({ inside }) => inside.length === 0)
  const characters = roots.reduce((sum, { data }) => sum + data.length, 0)
  if (roots.length > simulatedMax.calls || characters > charactersMax) return null
  return roots.map(({ by, to, data, value }) => ({ from: by ?? at, to, data, value }))
}

export const openOf = (order: Order, { number, timestamp }: Observation['block']): OpenOrder => ({
  ...{ kind: order.kind, at: order.at, id: order.id, since: timestamp, block: number },
  voteEnd: order.vote?.end.toString() ?? null,
  readyAt: order.readyAt?.toString() ?? null,
  description: order.description?.slice(0, descriptionMax) ?? null,
  told: [],
})

const closing: Partial<Record<GovernanceLog['name'], Order['kind']>> = {
  proposalExecuted: 'proposal',
  proposalCanceled: 'proposal',
  executed: 'operation',
  executedByCompound: 'operation',
  cancelled: 'operation',
  dequeued: 'operation',
  managedExecuted: 'operation',
  managedCanceled: 'operation',
}

/** Those of some orders that were carried out or called off in this block, by their groups. */
export function closedBy(told: readonly GovernanceLog[]): Set<string> {
  return new Set(
    told.flatMap(({ name, log, values }) => {
      const kind = closing[name]
      return kind ? [groupOf({ kind, at: log.address, id: String(values[0]) })] : []
    }),
  )
}

/** What to remember of the open orders after a block. @param fresh Those of this block, with their calls. */
export function rememberOpen(
  memory: Memory,
  next: readonly OpenOrder[],
  fresh: readonly { open: OpenOrder; calls: readonly SimulatedCall[] }[],
): Record<string, Json> {
  const before = openIn(memory)
  const kept = next.slice(-openMax)
  const isKept = (order: OpenOrder) => kept.some((other) => groupOf(other) === groupOf(order))
  const gone = before.filter((order) => !isKept(order))
  const rows = fresh
    .filter(({ open }) => isKept(open))
    .map(({ open, calls }): [string, Json] => {
      const rows = calls.map(({ to, data, value = 0n }) => [to, data, value.toString()])
      return [callsKey(open), { from: calls[0]?.from ?? open.at, calls: rows }]
    })
  return {
    ...(!isDeepStrictEqual(before, kept) && { [openKey]: kept.map((order) => ({ ...order })) }),
    ...Object.fromEntries(gone.map((order): [string, Json] => [callsKey(order), null])),
    ...Object.fromEntries(rows),
  }
}

export const isYoung = ({ since }: OpenOrder, { timestamp }: Observation['block']) => since > timestamp - secondsMax

const [nearSeconds, nearBlocks] = [3_600, 300]

/** Its vote or its delay ends within the hour, or ended in the last one. */
export function isNear({ voteEnd, readyAt }: OpenOrder, { number, timestamp }: Observation['block']): boolean {
  const end = Number(readyAt ?? voteEnd ?? 0)
  // No chain has had a billion blocks.
  return end > 1_000_000_000 ? Math.abs(end - timestamp) <= nearSeconds : Math.abs(end - number) <= nearBlocks
}

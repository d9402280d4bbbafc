import { z } from 'zod'
import type { Memory } from '../../../model/detector.ts'
import type { Json } from '../../../model/finding.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'

/**
 * A stream that nobody had decided on, within the last week: its group, what it takes of a token in base units, and
 * the unix time.
 */
const recent = z.object({ group: z.string(), payer: hexShape, token: hexShape, amount: decimalShape, at: z.number() })
export type Recent = z.output<typeof recent>
const rememberedStreams = remembered(z.array(recent))

export const recentKey = 'recent streams'
export const recentIn = (memory: Memory) => rememberedStreams(memory, recentKey) ?? []
const weekSeconds = 7 * 86_400
const rowsMax = 64

/** What other streams of the same payer take together: whoever opens many small ones takes as much as by a large one. */
export function othersOf(rows: readonly Recent[], stream: Recent): { count: number; amount: bigint } {
  const own = rows.filter(
    ({ group, payer, token }) => payer === stream.payer && token === stream.token && group !== stream.group,
  )
  return { count: own.length, amount: own.reduce((sum, { amount }) => sum + BigInt(amount), 0n) }
}

export const withinWeek = (rows: readonly Recent[], now: number) => rows.filter(({ at }) => at > now - weekSeconds)

/** With one more, or one that changed; of too many the largest stay. */
export function withStream(rows: readonly Recent[], stream: Recent): Recent[] {
  const others = rows.filter(({ group }) => group !== stream.group)
  return [...others, stream].toSorted((a, b) => (BigInt(b.amount) > BigInt(a.amount) ? 1 : -1)).slice(0, rowsMax)
}

export const recentAsJson = (rows: readonly Recent[]): Json => rows.map((row) => ({ ...row }))

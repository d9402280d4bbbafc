import type { Address } from '../../../model/chain.ts'
import type { Json } from '../../../model/finding.ts'

/**
 * A stream that nobody had decided on, within the last week: its group, what it takes of a token in base units, as a decimal
 * string, and the unix time. Plain data.
 */
export type Recent = { group: string; payer: Address; token: Address; amount: string; at: number }

export const recentKey = 'recent streams'
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

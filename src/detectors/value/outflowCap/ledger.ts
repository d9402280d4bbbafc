import { addToWindow, type WindowRow, windowSums } from '../../../lib/slidingWindow.ts'
import type { Address } from '../../../model/chain.ts'
import { type Leg, sumOf } from './leg.ts'
import { type Cap, longestSeconds, type WindowName, windowSeconds } from './options.ts'

/** A cap that was reached and whose sum has not fallen below half of it since. */
export type Episode = {
  /** The limit as it was when it was reached, in base units; null: not open. */
  limit: string | null
  /** How often this cap has spoken. */
  count: number
  /** What has left since the window of the crossing began, and with how much of it the cap speaks again. */
  total: string
  next: string
  /** Block in which at least half of the limit was last seen. */
  block: number
}

/** What is remembered of one account and one token. Plain data. */
export type Ledger = {
  /** Columns: out, in. */
  flows: Partial<Record<WindowName, WindowRow[]>>
  /** The biggest recipients in the longest window, with the unix time of the last payment. */
  recipients: [to: Address, amount: string, time: number][]
  episodes: Partial<Record<WindowName, Episode>>
  /** Unix time of the last flow. */
  time: number
}

const recipientsMax = 8

export const emptyLedger: Ledger = { flows: {}, recipients: [], episodes: {}, time: 0 }

export type Sums = { out: bigint; in: bigint }

export function sumsBefore(ledger: Ledger, window: WindowName, time: number): Sums {
  const seconds = windowSeconds[window]
  if (!seconds) return { out: 0n, in: 0n }
  const [out, into] = windowSums(ledger.flows[window] ?? [], { time, seconds, width: 2 })
  return { out: out!, in: into! }
}

/** The ledger after the flows of a block. */
export function withLegs(ledger: Ledger, caps: readonly Cap[], legs: readonly Leg[], time: number): Ledger {
  const amounts = [sumOf(legs, 'out'), sumOf(legs, 'in')]
  const flows: Ledger['flows'] = {}
  for (const { window } of caps) {
    const seconds = windowSeconds[window]
    if (seconds) flows[window] = addToWindow(ledger.flows[window] ?? [], { time, amounts, seconds })
  }
  const longest = longestSeconds(caps)
  const known = ledger.recipients.filter(([, , at]) => at > time - longest)
  return { ...ledger, flows, recipients: longest > 0 ? topRecipients(known, legs, time) : [], time }
}

/** Recipients with what they were paid, the biggest first. */
export function topRecipients(known: Ledger['recipients'], legs: readonly Leg[], time: number): Ledger['recipients'] {
  const byAddress = new Map(known.map((row) => [row[0], row]))
  for (const { way, other, amount } of legs) {
    if (way !== 'out' || !other) continue
    byAddress.set(other, [other, (amount + BigInt(byAddress.get(other)?.[1] ?? 0)).toString(), time])
  }
  const size = ([, amount]: Ledger['recipients'][number]) => BigInt(amount)
  return [...byAddress.values()].sort((a, b) => (size(b) > size(a) ? 1 : -1)).slice(0, recipientsMax)
}

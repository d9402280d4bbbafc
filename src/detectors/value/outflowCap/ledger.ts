import { z } from 'zod'
import { addToWindow, withinWindow } from '../../../lib/slidingWindow.ts'
import { decimalShape, hexShape, remembered } from '../../remembered.ts'
import { type Leg, sumOf } from './leg.ts'
import { type Cap, longestSeconds, type WindowName, windowNames, windowSeconds } from './options.ts'

/** A cap that was reached and whose sum has not fallen below half of it since. */
const episodeShape = z.object({
  /** The limit as it was when it was reached, in base units; null: not open. */
  limit: decimalShape.nullable(),
  /** How often this cap has spoken. */
  count: z.number(),
  /** What has left since the window of the crossing began, and with how much of it the cap speaks again. */
  total: decimalShape,
  next: decimalShape,
  /** Block in which at least half of the limit was last seen. */
  block: z.number(),
})
export type Episode = z.output<typeof episodeShape>

/** What is remembered of one account and one token. Plain data. */
const ledgerShape = z.object({
  /** Columns: out, in. */
  flows: z.partialRecord(z.enum(windowNames), z.array(z.tuple([z.number()], decimalShape))),
  /** The biggest recipients in the longest window, with the unix time of the last payment. */
  recipients: z.array(z.tuple([hexShape, decimalShape, z.number()])),
  episodes: z.partialRecord(z.enum(windowNames), episodeShape),
  /** Whom it paid, the last one last: unix times of the first and the last payment, in how many blocks, the largest of one. */
  payees: z.array(z.tuple([hexShape, z.number(), z.number(), z.number(), decimalShape])).exactOptional(),
  /** Unix time of the last flow. */
  time: z.number(),
})
export type Ledger = z.output<typeof ledgerShape>
export const rememberedLedger = remembered(ledgerShape)

const recipientsMax = 8

export const emptyLedger: Ledger = { flows: {}, recipients: [], episodes: {}, time: 0 }

/** What of a ledger is usual: whom the account pays, and nothing of what is leaving. */
export const withoutFlows = ({ payees, time }: Ledger): Ledger => ({ ...emptyLedger, ...(payees && { payees }), time })

export type Sums = { out: bigint; in: bigint }

/**
 * What moved within a window before a block. `net`: only since the account held most within it, so that what came in
 * afterwards can be taken off, and what had come in before excuses nothing.
 */
export function sumsBefore(ledger: Ledger, window: WindowName, { time, net }: { time: number; net: boolean }): Sums {
  const seconds = windowSeconds[window]
  const rows = seconds ? withinWindow(ledger.flows[window] ?? [], time, seconds) : []
  let sums: Sums = { out: 0n, in: 0n }
  let most = sums
  for (const [, out, into] of rows.toReversed()) {
    sums = { out: sums.out + BigInt(out ?? 0), in: sums.in + BigInt(into ?? 0) }
    if (!net || sums.out - sums.in > most.out - most.in) most = sums
  }
  return most
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
  const recipients = longest > 0 ? topRecipients(known, legs, time) : []
  return { ...ledger, flows, recipients, time }
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
